package io.tandem.bench.cluster;

import java.util.Locale;

/** What happens to a node. */
public enum Fault {
  /** Its process dies, as of {@code kill -9}. */
  KILL("kill -9"),
  /** Its process gets no turn, as of SIGSTOP. */
  FREEZE("SIGSTOP"),
  /** The other nodes and it do not reach each other, clients reach all. */
  CUT("link cut");

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

  void begin(NodeProcess victim, int number, Ground ground) {
    switch (this) {
      case KILL -> victim.kill();
      case FREEZE -> victim.signal("STOP");
      case CUT -> ground.cut(number);
    }
  }

  void end(NodeProcess victim, int number, Ground ground) {
    switch (this) {
      case KILL -> {}
      case FREEZE -> victim.signal("CONT");
      case CUT -> ground.heal(number);
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
