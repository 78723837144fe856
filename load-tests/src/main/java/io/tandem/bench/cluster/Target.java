package io.tandem.bench.cluster;

import java.util.List;

/** Something that has to hold, and whether it did. */
record Target(String what, String found, boolean holds) {

  /** As it is told. */
  String line() {
    return "  %-4s %-44s %s".formatted(holds ? "ok" : "MISS", what, found);
  }

  static boolean allHold(List<Target> targets) {
    return targets.stream().allMatch(Target::holds);
  }
}
