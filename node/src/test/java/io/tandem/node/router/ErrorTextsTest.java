package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What errors of the router's own tell, whatever went wrong inside. */
class ErrorTextsTest {

  private static final String INSIDE = "inside: 10.0.0.7";

  @Test
  @Conformance("ERR-02")
  void noErrorTellsWhatFailedInsideNorWhoElseIsThere() {
    List<String> told = new ArrayList<>();
    try (World world =
        new World(
            1,
            realm ->
                realm.authorizer =
                    (who, what, uri, match) -> {
                      throw new IllegalStateException(INSIDE);
                    })) {
      TestClient alice = world.join(0);
      alice.says("[32,1,{},'com.a']");
      alice.says("[16,2,{'acknowledge':true},'com.a']");
      alice.says("[64,3,{},'com.a']");
      alice.says("[48,4,{},'com.a']");
      told.addAll(alice.hears());
    }
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0, client -> client.authid = "bob-the-other");
      bob.registers("com.held");
      bob.registers("com.shared", "'invoke':'first'");
      alice.says("[64,1,{},'com.held']");
      alice.says("[64,2,{'invoke':'last'},'com.shared']");
      alice.says("[34,3,77]");
      alice.says("[66,4,1]");
      world.subscriptions.outage = new IllegalStateException(INSIDE);
      alice.says("[32,5,{},'com.a']");
      world.untilTheRecordIsGivenUp();
      world.subscriptions.outage = null;
      world.registrations.outage = new IllegalStateException(INSIDE);
      alice.says("[64,6,{},'com.b']");
      world.untilTheRecordIsGivenUp();
      world.registrations.outage = null;
      world.untilTheRecordIsGivenUp();
      alice.calls("com.held");
      bob.leave();
      told.addAll(alice.hears());
    }
    assertThat(told)
        .hasSize(11)
        .allMatch(error -> error.startsWith("[8,"))
        .noneMatch(
            error ->
                error.contains(INSIDE)
                    || error.contains("10.0.0.7")
                    || error.contains("bob-the-other")
                    || error.contains("102")
                    || error.matches(".*(Exception|io\\.tandem|java\\.|\\.java|\\bat ).*"));
  }
}
