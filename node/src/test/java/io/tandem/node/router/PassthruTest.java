package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payload passthru mode, which sender and receiver have to announce role by role. */
class PassthruTest {

  private static final String ALL_KEYS =
      "'ppt_scheme':'x_a','ppt_serializer':'s','ppt_cipher':'c','ppt_keyid':'k'";

  @Test
  @Conformance({"PPT-02", "PPT-03"})
  void allFourKeysTravelWithEveryPayloadAndNeitherTheyNorItAreJudged() {
    try (World world = new World(2, 2, 1, realm -> {})) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(world.nodes.get(1), 1, client -> {});
      bob.registers("com.add");
      bob.subscribes("com.news");
      alice.says("[16,1,{" + ALL_KEYS + ",'x_mine':1},'com.news',['opaque',2],{'k':3}]");
      assertThat(bob.hears()).containsExactly("[36,2,P1,{" + ALL_KEYS + "},['opaque',2],{'k':3}]");
      alice.says("[48,2,{" + ALL_KEYS + "},'com.add',['in']]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{" + ALL_KEYS + "},['in']]");
      bob.says("[70,1,{" + ALL_KEYS + "},['out']]");
      assertThat(alice.hears()).containsExactly("[50,2,{" + ALL_KEYS + "},['out']]");
      alice.calls("com.add");
      bob.hears();
      bob.says("[8,68,2,{" + ALL_KEYS + "},'com.error',[1]]");
      assertThat(alice.hears()).containsExactly("[8,48,3,{" + ALL_KEYS + "},'com.error',[1]]");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CALLER    | [48,3,{'ppt_scheme':'x_a'},'com.add',['in']]",
        "PUBLISHER | [16,3,{'ppt_scheme':'x_a'},'com.news',['in']]",
        "PUBLISHER | [16,3,{'ppt_scheme':'x_a','acknowledge':true},'com.news',['in']]",
        "CALLEE    | [70,1,{'ppt_scheme':'x_a'},['out']]",
        "CALLEE    | [8,68,1,{'ppt_scheme':'x_a'},'com.error',['out']]"
      })
  @Conformance("PPT-05")
  void roleThatDidNotAnnounceTheModeEndsItsSessionByUsingIt(ClientRole role, String message) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1, client -> client.features = allBut(role));
      alice.subscribes("com.news");
      bob.registers("com.add");
      bob.says("[32,2,{},'com.news']");
      alice.calls("com.add");
      bob.hears();
      bob.says(message);
      assertThat(bob.hears()).hasSize(1).first().asString().startsWith("ABORT ppt_scheme");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,2,{},'wamp.error.canceled',['the callee left before it answered']]");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @Conformance("PPT-06")
  void callInTheModeFailsForACalleeThatDoesNotKnowIt(int node) {
    try (World world = new World(2, 2, 1, realm -> {})) {
      TestClient alice = world.join(0);
      TestClient bob =
          world.join(
              world.nodes.get(node), 1, client -> client.features = allBut(ClientRole.CALLEE));
      bob.registers("com.add");
      alice.says("[48,1,{'ppt_scheme':'x_a'},'com.add',['in']]");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.feature_not_supported',"
                  + "['the callee did not announce payload_passthru_mode']]");
      assertThat(bob.hears()).isEmpty();
      alice.says("[48,2,{},'com.add',['in']]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{},['in']]");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "result | [70,1,{'ppt_scheme':'x_a'},['out']]",
        "error  | [8,68,1,{'ppt_scheme':'x_a'},'com.error',['out']]"
      })
  @Conformance("PPT-07")
  void answerInTheModeFailsForACallerThatDoesNotKnowIt(String what, String answer) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0, client -> client.features = allBut(ClientRole.CALLER));
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.calls("com.add");
      bob.hears();
      bob.says(answer);
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.feature_not_supported',"
                  + ("['the " + what + " cannot be delivered to the caller']]"));
      assertThat(bob.hears()).isEmpty();
    }
  }

  @Test
  void progressInTheModeEndsTheCallOfACallerThatDoesNotKnowIt() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0, client -> client.features = allBut(ClientRole.CALLER));
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      bob.hears();
      bob.says("[70,1,{'progress':true,'ppt_scheme':'x_a'},['part']]");
      assertThat(alice.hears())
          .hasSize(1)
          .first()
          .asString()
          .startsWith("[8,48,1,{},'wamp.error.feature_not_supported'");
      assertThat(bob.hears())
          .containsExactly("[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
    }
  }

  @Test
  @Conformance("PPT-08")
  void eventInTheModeReachesSubscribersThatDoNotKnowIt() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1, client -> client.features = allBut(ClientRole.SUBSCRIBER));
      bob.subscribes("com.news");
      alice.says("[16,1,{" + ALL_KEYS + "},'com.news',['opaque']]");
      assertThat(bob.hears()).containsExactly("[36,1,P1,{" + ALL_KEYS + "},['opaque']]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'ppt_scheme':'',", "'ppt_scheme':null,", ""})
  @Conformance("PPT-01")
  void withoutASchemeTheModeIsNotInUse(String scheme) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0, client -> client.features = none());
      TestClient bob = world.join(1, client -> client.features = none());
      bob.registers("com.add");
      bob.subscribes("com.news");
      String options = "{" + scheme + "'ppt_serializer':'s','ppt_cipher':'c','ppt_keyid':'k'}";
      alice.says("[16,1," + options + ",'com.news',['plain']]");
      alice.says("[48,2," + options + ",'com.add',['in']]");
      assertThat(bob.hears()).containsExactly("[36,2,P1,{},['plain']]", "[68,1,1,{},['in']]");
      bob.says("[70,1," + options + ",['out']]");
      assertThat(alice.hears()).containsExactly("[50,2,{},['out']]");
    }
  }

  @Test
  @Conformance("PPT-01")
  void schemeAloneIsEnough() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.subscribes("com.news");
      alice.says("[16,1,{'ppt_scheme':'x_a'},'com.news',['opaque']]");
      assertThat(bob.hears()).containsExactly("[36,1,P1,{'ppt_scheme':'x_a'},['opaque']]");
    }
  }

  /** The forerunner of the mode, which clients still speak and this router never announces. */
  @Test
  @Conformance("PPT-12")
  void bareBinaryAndItsThreeKeysTravelWithEveryPayload() {
    String keys = "'enc_algo':'cryptobox','enc_key':'k','enc_serializer':'json'";
    String binary = "'\\u0000QQ=='";
    try (World world = new World(2, 2, 1, realm -> {})) {
      TestClient alice = world.join(0, client -> client.features = none());
      TestClient bob = world.join(world.nodes.get(1), 1, client -> client.features = none());
      bob.registers("com.add");
      bob.subscribes("com.news");
      alice.says("[16,1,{" + keys + "},'com.news'," + binary + "]");
      assertThat(bob.hears()).containsExactly("[36,2,P1,{" + keys + "}," + binary + "]");
      alice.says("[48,2,{" + keys + "},'com.add'," + binary + "]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{" + keys + "}," + binary + "]");
      bob.says("[70,1,{" + keys + "}," + binary + "]");
      assertThat(alice.hears()).containsExactly("[50,2,{" + keys + "}," + binary + "]");
      alice.calls("com.add");
      bob.hears();
      bob.says("[8,68,2,{" + keys + "},'com.error'," + binary + "]");
      assertThat(alice.hears())
          .containsExactly("[8,48,3,{" + keys + "},'com.error'," + binary + "]");
    }
  }

  private static ClientFeatures allBut(ClientRole role) {
    return passthru(EnumSet.complementOf(EnumSet.of(role)));
  }

  private static ClientFeatures none() {
    return passthru(Set.of());
  }

  private static ClientFeatures passthru(Set<ClientRole> roles) {
    return new ClientFeatures(true, true, true, roles);
  }
}
