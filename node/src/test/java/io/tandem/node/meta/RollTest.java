package io.tandem.node.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.node.local.WampFailure;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.sessions.SessionDetails;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lists of sessions that are made of one reading of the directory. */
class RollTest {

  private final Roll roll = new Roll();

  private void add(String realm, String role, long session) {
    roll.add(new SessionDetails(session, realm, "joe", role, "anonymous", "static", Map.of()));
  }

  private static List<?> ids(Payload list) {
    return (List<?>) list.args().get(0);
  }

  @Test
  void listHasTheSessionsOfTheRealmAndOfTheRoles() {
    add("realm1", "user", 1);
    add("realm1", "admin", 2);
    add("realm1", "user", 3);
    add("realm2", "user", 4);
    assertThat(ids(roll.list("realm1", null))).isEqualTo(List.of(2L, 1L, 3L));
    assertThat(ids(roll.list("realm1", Set.of("user", "nobody")))).isEqualTo(List.of(1L, 3L));
    assertThat(ids(roll.list("realm1", Set.of()))).isEmpty();
    assertThat(ids(roll.list("realm3", null))).isEmpty();
  }

  @Test
  void allWhoAskForTheSameShareTheOctets() {
    add("realm1", "user", 1);
    add("realm1", "admin", 2);
    assertThat(roll.list("realm1", null))
        .isSameAs(roll.list("realm1", null))
        .isSameAs(roll.list("realm1", Set.of("user", "admin")));
    assertThat(roll.list("realm1", Set.of("user")))
        .as("roles that nobody has make no list of its own")
        .isSameAs(roll.list("realm1", Set.of("user", "x1")))
        .isSameAs(roll.list("realm1", Set.of("user", "x2")));
  }

  @Test
  void listsOfEverOtherRolesAreRefused() {
    IntStream.range(0, 20).forEach(role -> add("realm1", "role" + role, role));
    IntStream.range(0, Roll.MOST_LISTS)
        .forEach(role -> assertThat(ids(roll.list("realm1", Set.of("role" + role)))).hasSize(1));
    assertThatThrownBy(() -> roll.list("realm1", null))
        .isInstanceOf(WampFailure.class)
        .hasMessageContaining("wamp.error.unavailable");
    assertThat(ids(roll.list("realm1", Set.of("role3")))).isEqualTo(List.of(3L));
    assertThat(ids(roll.list("realm2", null))).as("another realm's").isEmpty();
  }
}
