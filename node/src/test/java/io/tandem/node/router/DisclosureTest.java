package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Decision;
import io.tandem.testing.Conformance;
import org.junit.jupiter.api.Test;

/** Who learns who calls and who publishes. */
class DisclosureTest {

  @Test
  @Conformance({"RPC-IDENT-01", "RPC-IDENT-02", "RPC-IDENT-03"})
  void callerThatWantsToBeKnownIs() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0, client -> client.is("alice", "user"));
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.says("[48,1,{'disclose_me':true},'com.add']");
      alice.says("[48,2,{'disclose_me':false},'com.add']");
      assertThat(bob.hears())
          .containsExactly(
              "[68,1,1,{'caller':101,'caller_authid':'alice','caller_authrole':'user'}]",
              "[68,2,1,{}]");
    }
  }

  @Test
  @Conformance({"RPC-IDENT-03", "RPC-IDENT-07"})
  void everyCalleeSaysForItselfWhetherItWantsToKnow() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      TestClient carol = world.join(0);
      bob.registers("com.add", "'invoke':'roundrobin','disclose_caller':true");
      carol.registers("com.add", "'invoke':'roundrobin'");
      alice.says("[48,1,{'disclose_me':false},'com.add']");
      alice.says("[48,2,{'disclose_me':false},'com.add']");
      assertThat(bob.hears()).singleElement().asString().contains("'caller':101");
      assertThat(carol.hears()).containsExactly("[68,1,1,{}]");
    }
  }

  @Test
  @Conformance("RPC-IDENT-03")
  void configurationMayDiscloseTheCaller() {
    try (World world =
        new World(
            1, realm -> realm.authorizer = (who, what, uri, match) -> Decision.ALLOWED_DISCLOSED)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.registers("com.add");
      alice.calls("com.add");
      assertThat(bob.hears()).singleElement().asString().contains("'caller':101");
    }
  }

  /** Some clients in use announce nothing, and read the keys all the same. */
  @Test
  @Conformance({"RPC-IDENT-05", "RPC-IDENT-06"})
  void whoIsDisclosedIsSoWhateverItAndTheCalleeHaveAnnounced() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0, client -> client.features = TestClient.NO_FEATURES);
      TestClient bob = world.join(1, client -> client.features = TestClient.NO_FEATURES);
      bob.registers("com.add", "'disclose_caller':true");
      bob.registers("com.sub");
      alice.says("[48,1,{'disclose_me':false},'com.add']");
      alice.says("[48,2,{'disclose_me':true},'com.sub']");
      assertThat(bob.hears())
          .hasSize(2)
          .allMatch(invocation -> invocation.contains("'caller':101"));
    }
  }

  @Test
  @Conformance("RPC-IDENT-04")
  void realmMayRefuseToDiscloseCallers() {
    try (World world = new World(1, realm -> realm.allowDiscloseMe = false)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.says("[64,1,{'disclose_caller':true},'com.add']");
      assertThat(bob.hears())
          .containsExactly(
              "[8,64,1,{},'wamp.error.option_disallowed.disclose_me',['this realm does not disclose"
                  + " callers']]");
      bob.registers("com.sub");
      alice.says("[48,1,{'disclose_me':true},'com.sub']");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.option_disallowed.disclose_me',['this realm does not disclose"
                  + " callers']]");
    }
  }

  @Test
  @Conformance({"PS-IDENT-01", "PS-IDENT-02"})
  void publisherThatWantsToBeKnownIs() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0, client -> client.is("alice", "user"));
      TestClient bob = world.join(1);
      bob.subscribes("com.news");
      alice.says("[16,1,{'disclose_me':true},'com.news']");
      alice.says("[16,2,{'disclose_me':false},'com.news']");
      assertThat(bob.hears())
          .containsExactly(
              "[36,1,P1,{'publisher':101,'publisher_authid':'alice','publisher_authrole':'user'}]",
              "[36,1,P2,{}]");
    }
  }

  @Test
  @Conformance("PS-IDENT-03")
  void realmMayRefuseDisclosure() {
    try (World world = new World(1, realm -> realm.allowDiscloseMe = false)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.subscribes("com.news");
      alice.says("[16,1,{'disclose_me':true,'acknowledge':true},'com.news']");
      alice.says("[16,2,{'disclose_me':true},'com.news']");
      assertThat(alice.hears())
          .containsExactly(
              "[8,16,1,{},'wamp.error.option_disallowed.disclose_me',['this realm does not disclose"
                  + " publishers']]");
      assertThat(bob.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("PS-IDENT-04")
  void configurationMayDisclose() {
    try (World world =
        new World(
            1, realm -> realm.authorizer = (who, what, uri, match) -> Decision.ALLOWED_DISCLOSED)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.subscribes("com.news");
      alice.says("[16,1,{},'com.news']");
      assertThat(bob.hears()).singleElement().asString().contains("'publisher':101");
    }
  }
}
