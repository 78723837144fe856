package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterConfigTest {

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1:5701", "tandem-0.tandem:1", "[::1]:65534", "localhost:5701"})
  void clusterPortsOfOthersAreAccepted(String member) {
    assertThat(ClusterConfig.isMember(member)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":5701",
        "10.0.0.1",
        "10.0.0.1:",
        "10.0.0.1:0",
        "10.0.0.1:65535",
        "10.0.0.1:5701-5703",
        "0.0.0.0:5701",
        "10.0.0.*:5701",
        "::1:5701",
        "[::1]",
        "[::1:5701",
        "[tandem-0]:5701",
        "10.0.0.1:5701 "
      })
  void anythingElseIsRefused(String member) {
    assertThat(ClusterConfig.isMember(member)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "::1", "tandem-0.tandem.default.svc"})
  void hostIsAnAddressThatOthersCanReach(String host) {
    assertThat(ClusterConfig.isHost(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "not a host", ""})
  void hostIsNotAllAddresses(String host) {
    assertThat(ClusterConfig.isHost(host)).isFalse();
  }
}
