package io.tandem.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class SightingTest {

  /** What a node says of itself and of one other, as {@code GET /cluster} does. */
  private static Sighting sighting(String self, String other, String about) {
    return Sighting.of(
        0,
        0,
        new JsonObject(
            """
            {"members": [
              {"node": "%s", "incarnation": "1", "sequence": 3, "digest": "ab", "self": true},
              {"node": "%s", "incarnation": "1", "sequence": 3, "digest": "ab", "self": false, %s,
               "draining": false}]}
            """
                .formatted(self, other, about)));
  }

  private static final String LINKED = "\"reachable\": true, \"inStep\": true";

  private static Sighting changed(Sighting sighting, String from, String to) {
    return new Sighting(
        0,
        0,
        sighting.members().stream()
            .map(
                m ->
                    new Sighting.Member(
                        m.node(),
                        m.incarnation(),
                        m.reachable(),
                        m.linked(),
                        m.sequence(),
                        m.digest().replace(from, to)))
            .toList());
  }

  @Test
  void nodesThatTellTheSameAgree() {
    assertThat(Sighting.agree(List.of(sighting("a", "b", LINKED), sighting("b", "a", LINKED))))
        .isTrue();
  }

  @Test
  void nodesThatTellOfDifferentTablesDoNotAgree() {
    Sighting one = sighting("a", "b", LINKED);
    Sighting other = changed(sighting("b", "a", LINKED), "ab", "cd");

    assertThat(Sighting.agree(List.of(one, other))).isFalse();
  }

  @Test
  void nodesThatAreNotInStepDoNotAgree() {
    String late = "\"reachable\": true, \"inStep\": false";

    assertThat(Sighting.agree(List.of(sighting("a", "b", late), sighting("b", "a", LINKED))))
        .isFalse();
  }

  @Test
  void clusterWithAMemberTooManyDoesNotAgree() {
    assertThat(Sighting.agree(List.of(sighting("a", "b", LINKED)))).isFalse();
  }

  @Test
  void lifeIsFoundByNameAndIncarnation() {
    Sighting sighting = sighting("a", "b", LINKED);

    assertThat(sighting.lives()).containsExactlyInAnyOrder("a#1", "b#1");
    assertThat(sighting.life("b#2")).isEmpty();
  }
}
