package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Decision;
import io.tandem.testing.Conformance;
import org.junit.jupiter.api.Test;

/** What an authorizer is asked, and what becomes of a request that it denies. */
class AuthorizingTest {

  @Test
  @Conformance("AZ-02")
  void deniedRequestsAreRefusedWithoutALookAtTheRegistry() {
    try (World world =
        new World(
            1,
            realm ->
                realm.authorizer =
                    (who, what, uri, match) ->
                        who.authrole().equals("guest") ? Decision.DENIED : Decision.ALLOWED)) {
      TestClient owner = world.join(0, client -> client.authrole = "owner");
      owner.subscribes("com.a");
      owner.registers("com.a");
      TestClient guest = world.join(0, client -> client.authrole = "guest");
      guest.says("[32,1,{},'com.a']");
      guest.says("[16,2,{'acknowledge':true},'com.a']");
      guest.says("[16,3,{},'com.a']");
      guest.says("[64,4,{},'com.a']");
      guest.says("[48,5,{},'com.a']");
      guest.says("[48,6,{},'com.missing']");
      assertThat(guest.hears())
          .containsExactly(
              "[8,32,1,{},'wamp.error.not_authorized',['not allowed to subscribe to com.a']]",
              "[8,16,2,{},'wamp.error.not_authorized',['not allowed to publish to com.a']]",
              "[8,64,4,{},'wamp.error.not_authorized',['not allowed to register com.a']]",
              "[8,48,5,{},'wamp.error.not_authorized',['not allowed to call com.a']]",
              "[8,48,6,{},'wamp.error.not_authorized',['not allowed to call com.missing']]");
      assertThat(owner.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("AZ-03")
  void authorizerThatFailsPerformsNothing() {
    try (World world =
        new World(
            1,
            realm ->
                realm.authorizer =
                    (who, what, uri, match) -> {
                      throw new IllegalStateException("no answer");
                    })) {
      TestClient alice = world.join(0);
      alice.says("[32,1,{},'com.a']");
      alice.says("[16,2,{'acknowledge':true},'com.a']");
      alice.says("[64,3,{},'com.a']");
      alice.says("[48,4,{},'com.a']");
      assertThat(alice.hears())
          .containsExactly(
              "[8,32,1,{},'wamp.error.authorization_failed',['not allowed to subscribe to"
                  + " com.a']]",
              "[8,16,2,{},'wamp.error.authorization_failed',['not allowed to publish to com.a']]",
              "[8,64,3,{},'wamp.error.authorization_failed',['not allowed to register com.a']]",
              "[8,48,4,{},'wamp.error.authorization_failed',['not allowed to call com.a']]");
      assertThat(world.registrations.records).isEmpty();
    }
  }

  @Test
  @Conformance("AZ-06")
  void whatWasGrantedOnceMayBeGivenBackAlways() {
    boolean[] allowed = {true};
    try (World world =
        new World(
            1,
            realm ->
                realm.authorizer =
                    (who, what, uri, match) -> allowed[0] ? Decision.ALLOWED : Decision.DENIED)) {
      TestClient alice = world.join(0);
      alice.subscribes("com.a");
      alice.registers("com.b");
      alice.calls("com.b");
      alice.calls("com.b");
      alice.hears();
      allowed[0] = false;
      alice.says("[34,5,1]");
      alice.says("[66,6,2]");
      alice.says("[70,1,{}]");
      alice.says("[49,4,{'mode':'skip'}]");
      assertThat(alice.hears())
          .containsExactly("[35,5]", "[67,6]", "[50,3,{}]", "[8,48,4,{},'wamp.error.canceled']");
    }
  }

  @Test
  @Conformance("AZ-05")
  void patternsAreAuthorizedWithTheirPolicy() {
    StringBuilder asked = new StringBuilder();
    try (World world =
        new World(
            1,
            realm ->
                realm.authorizer =
                    (who, what, uri, match) -> {
                      asked.append(what == Action.SUBSCRIBE ? "s " : "r ");
                      asked.append(match.wireName()).append(' ').append(uri).append(". ");
                      return Decision.ALLOWED;
                    })) {
      TestClient alice = world.join(0);
      alice.subscribes("com.", "prefix");
      alice.registers("com..x", "'match':'wildcard'");
      assertThat(asked).hasToString("s prefix com.. r wildcard com..x. ");
    }
  }
}
