package io.tandem.node;

import java.util.List;
import java.util.function.Supplier;

/** How far a life has come, and what it waits for before clients may come. Any thread. */
final class Readiness {

  private final Supplier<List<String>> others;
  private volatile Stage stage = Stage.JOINS;

  private enum Stage {
    JOINS,
    /** It is one of the members that it found, and waits for more at most. */
    LINKED,
    READY,
    LEAVES
  }

  /**
   * @param others what it waits for before it may open its listeners, for people to read
   */
  Readiness(Supplier<List<String>> others) {
    this.others = others;
  }

  void linked() {
    stage = Stage.LINKED;
  }

  void ready() {
    stage = Stage.READY;
  }

  void leaves() {
    stage = Stage.LEAVES;
  }

  /** Whether it is or was one of the members that it found. */
  boolean hasBegun() {
    return stage != Stage.JOINS;
  }

  /** Why no client should come here, for people to read; nothing when they may. */
  List<String> waitsFor() {
    return switch (stage) {
      case READY -> List.of();
      case LEAVES -> List.of("the end: this node leaves");
      case JOINS, LINKED -> {
        List<String> waited = others.get();
        yield waited.isEmpty() ? List.of("listeners: not open") : waited;
      }
    };
  }
}
