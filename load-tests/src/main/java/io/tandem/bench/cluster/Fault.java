package io.tandem.bench.cluster;

import io.tandem.bench.cluster.Ground.Way;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What happens to a node, the victim. */
public enum Fault {
  /** Its process dies, as of {@code kill -9}. */
  KILL("kill -9"),
  /** Its process gets no turn, as of SIGSTOP. */
  FREEZE("SIGSTOP"),
  /** The other nodes and it do not reach each other, clients reach all. */
  CUT("cut off"),
  /** One other node and it do not reach each other; both reach the oldest one. */
  LINK("link cut"),
  /** The oldest node does not hear it; it hears all, and all others hear it. */
  ONE_WAY("one-way cut");

  private final String words;

  Fault(String words) {
    this.words = words;
  }

  /** In words. */
  String words() {
    return words;
  }

  /** Whether it ends by itself. */
  boolean passes() {
    return this != KILL;
  }

  /** Whether it needs a network that can be cut. */
  public boolean cuts() {
    return this == CUT || this == LINK || this == ONE_WAY;
  }

  /** Which node suffers unless somebody says otherwise, from 0; 0 is the oldest. */
  public int usualVictim() {
    return this == LINK || this == ONE_WAY ? 1 : 0;
  }

  /** The nodes of which one has to go, the victim first: which one, the cluster decides. */
  List<Integer> ends(int victim, int nodes) {
    return switch (this) {
      case KILL, FREEZE, CUT -> List.of(victim);
      case LINK -> List.of(victim, victim == nodes - 1 ? victim - 1 : nodes - 1);
      case ONE_WAY -> List.of(victim, 0);
    };
  }

  /** The pairs of nodes that can no longer talk, each once. */
  List<List<Integer>> severed(int victim, int nodes) {
    List<Integer> ends = ends(victim, nodes);
    return ends.size() == 2
        ? List.of(ends)
        : IntStream.range(0, nodes)
            .filter(other -> other != victim)
            .mapToObj(other -> List.of(victim, other))
            .toList();
  }

  void begin(BenchNode victim, int number, int nodes, Ground ground) {
    switch (this) {
      case KILL -> victim.kill();
      case FREEZE -> victim.signal("STOP");
      case CUT, LINK ->
          ground.cut(
              severed(number, nodes).stream()
                  .flatMap(
                      pair ->
                          Stream.of(
                              new Way(pair.get(0), pair.get(1)), new Way(pair.get(1), pair.get(0))))
                  .toList());
      case ONE_WAY -> ground.cut(List.of(new Way(number, 0)));
    }
  }

  void end(BenchNode victim, Ground ground) {
    switch (this) {
      case KILL -> {}
      case FREEZE -> victim.signal("CONT");
      case CUT, LINK, ONE_WAY -> ground.heal();
    }
  }

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
