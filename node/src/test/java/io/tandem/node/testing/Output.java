package io.tandem.node.testing;

import io.tandem.processes.NodeProcess;
import io.tandem.testing.Patience;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All lines that a node says, read as they come. */
final class Output {

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final NodeProcess node;

  Output(ProcessBuilder command) throws IOException {
    node = NodeProcess.start("node", command, lines::add);
  }

  NodeProcess node() {
    return node;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits until what it has said so far has this; fails when the process ends before. */
  <T> T until(String what, Function<List<String>, Optional<T>> look) {
    Holder<T> found = new Holder<>();
    Patience.until(
        what,
        () -> {
          boolean last = node.ended().isDone();
          found.value = look.apply(lines()).orElse(null);
          if (found.value == null && last) {
            throw new AssertionError("it ended before " + what + ": " + lines);
          }
          return found.value != null;
        });
    return Objects.requireNonNull(found.value);
  }

  private static final class Holder<T> {
    private @Nullable T value;
  }
}
