package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientFeaturesTest {

  @ParameterizedTest
  @ValueSource(strings = {"call_canceling", "call_cancelling"})
  @Conformance("FEAT-04")
  void bothSpellingsOfCancelingAreTaken(String name) {
    assertThat(callee(Map.of(name, true)).callCanceling()).isTrue();
  }

  @Test
  @Conformance("FEAT-03")
  void onlyTrueIsTrueAndTheUnknownIsIgnored() {
    Map<String, Object> announced =
        Map.of("call_canceling", 1L, "call_timeout", "true", "teleportation", true);
    assertThat(callee(announced)).isEqualTo(new ClientFeatures(false, false, false));
  }

  @Test
  void featuresOfTheCalleeRoleAloneCount() {
    Map<String, Object> caller = Map.of("features", Map.of("call_canceling", true));
    assertThat(ClientFeatures.of(Map.of("caller", caller)))
        .isEqualTo(new ClientFeatures(false, false, false));
  }

  @ParameterizedTest
  @EnumSource
  void payloadPassthruIsAnnouncedByEachRoleForItself(ClientRole role) {
    Map<String, Object> roles =
        Map.of(role.wireName(), Map.of("features", Map.of("payload_passthru_mode", true)));
    assertThat(ClientFeatures.of(roles))
        .isEqualTo(new ClientFeatures(false, false, false, Set.of(role)));
  }

  @Test
  @Conformance("FEAT-03")
  void rolesOfOddShapesAnnounceNothing() {
    assertThat(ClientFeatures.of(Map.of("callee", Map.of("features", "all"))))
        .isEqualTo(new ClientFeatures(false, false, false));
    assertThat(ClientFeatures.of(Map.of("callee", true)))
        .isEqualTo(new ClientFeatures(false, false, false));
  }

  private static ClientFeatures callee(Map<String, Object> features) {
    return ClientFeatures.of(Map.of("callee", Map.of("features", features)));
  }
}
