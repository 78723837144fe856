package io.tandem.node.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.router.SessionLimits;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sessions of a realm, and of a role, of which there may be so many. */
class PlacesTest extends LoginWithoutTransport {

  private static final String FULL = "wamp.error.unavailable";

  PlacesTest() {
    super(Map.of("user", new SessionLimits(2, 10, 10, 10, 1 << 20, null)));
  }

  private Device join() {
    return login(SAFE, "ticket", "joe", "joe-s secret");
  }

  @Test
  void whoComesWhenAllPlacesAreTakenIsRefusedUntilSomebodyLeaves() {
    Device one = join();
    assertThat(join().heard).containsExactly("joe is user");
    assertThat(join().heard).containsExactly(FULL);
    assertThat(join().heard).containsExactly(FULL);
    one.realm.leave(one.session);
    one.realm.leave(one.session);
    assertThat(join().heard).containsExactly("joe is user");
    assertThat(join().heard).containsExactly(FULL);
    assertThat(world.lane.sessions()).isEqualTo(2);
  }

  @Test
  void whoWasAcceptedAndDidNotJoinTakesNoPlace() {
    for (int i = 0; i < 5; i++) {
      Device gone =
          new Device(SAFE, "joe-s secret") {
            @Override
            boolean stays() {
              return false;
            }
          };
      gone.login.begin(
          "realm1", Options.of(Keys.AUTHMETHODS, List.of("ticket")).with(Keys.AUTHID, "joe"));
      world.runTasks();
      assertThat(gone.heard).containsExactly("joe is user");
    }
    assertThat(join().heard).containsExactly("joe is user");
    assertThat(join().heard).containsExactly("joe is user");
    assertThat(join().heard).containsExactly(FULL);
  }
}
