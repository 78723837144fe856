package io.tandem.bench.cluster;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one node said of the cluster.
 *
 * @param at by the clock of {@link System#nanoTime}, when it was asked
 * @param observer the node that said it, from 0
 */
record Sighting(long at, int observer, List<Member> members) {

  /**
   * A node as another one sees it, or itself.
   *
   * @param linked whether it is reachable and in step, as the node itself always is
   */
  record Member(
      String node,
      String incarnation,
      boolean reachable,
      boolean linked,
      long sequence,
      String digest) {

    /** One life of a node. */
    String life() {
      return node + "#" + incarnation;
    }
  }

  static Sighting of(long at, int observer, JsonObject view) {
    return new Sighting(
        at,
        observer,
        view.getJsonArray("members").stream()
            .map(JsonObject.class::cast)
            .map(Sighting::member)
            .toList());
  }

  private static Member member(JsonObject json) {
    boolean self = json.getBoolean("self");
    return new Member(
        json.getString("node"),
        json.getString("incarnation"),
        self || json.getBoolean("reachable"),
        self || (json.getBoolean("reachable") && json.getBoolean("inStep")),
        json.getLong("sequence"),
        json.getString("digest"));
  }

  Optional<Member> life(String life) {
    return members.stream().filter(member -> member.life().equals(life)).findFirst();
  }

  /** The lives it knows. */
  Set<String> lives() {
    return members.stream().map(Member::life).collect(Collectors.toSet());
  }

  /**
   * Whether these nodes are one cluster of as many members and tell the same of each (C1): all are
   * linked, and the log of each has come equally far and to the same.
   */
  static boolean agree(List<Sighting> all) {
    Set<Object> stories =
        all.stream()
            .map(
                sighting ->
                    sighting.members().stream()
                        .map(m -> List.of(m.life(), m.linked(), m.sequence(), m.digest()))
                        .collect(Collectors.toSet()))
            .collect(Collectors.toSet());
    return stories.size() == 1
        && all.stream()
            .allMatch(
                sighting ->
                    sighting.members().size() == all.size()
                        && sighting.members().stream().allMatch(Member::linked));
  }
}
