package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What begins with the component {@code wamp} is the router's own. */
class ReservedUrisTest {

  @ParameterizedTest
  @ValueSource(strings = {"wamp", "wamp.session.count", "wamp.subscription.on_create"})
  @Conformance({"URI-08", "URI-09", "META-03"})
  void clientsAskForReservedUrisButNeverServeThem(String uri) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("", "'match':'prefix'");
      bob.subscribes("", "prefix");
      bob.says("[64,3,{},'" + uri + "']");
      bob.says("[64,4,{'match':'prefix'},'" + uri + "']");
      bob.says("[32,5,{},'" + uri + "']");
      assertThat(bob.hears())
          .satisfiesExactlyInAnyOrder(
              refused -> assertThat(refused).startsWith("[8,64,3,{},'wamp.error.invalid_uri'"),
              refused -> assertThat(refused).startsWith("[8,64,4,{},'wamp.error.invalid_uri'"),
              subscribed -> assertThat(subscribed).startsWith("[33,5,"));
      alice.says("[16,1,{},'" + uri + "']");
      alice.says("[16,2,{'acknowledge':true},'" + uri + "']");
      alice.calls(uri);
      assertThat(alice.hears())
          .satisfiesExactly(
              refused -> assertThat(refused).startsWith("[8,16,2,{},'wamp.error.invalid_uri'"),
              missing -> assertThat(missing).startsWith("[8,48,3,{},'wamp.error.no_such_proc"));
      assertThat(bob.hears()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wampum", "wampum.news", "com.wamp"})
  void urisThatOnlyLookLikeReservedOnesAreNot(String uri) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers(uri);
      bob.subscribes(uri);
      alice.says("[16,1,{},'" + uri + "']");
      alice.calls(uri);
      assertThat(bob.hears()).containsExactly("[36,2,P1,{}]", "[68,1,1,{}]");
    }
  }
}
