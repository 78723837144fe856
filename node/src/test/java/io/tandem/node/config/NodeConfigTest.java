package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandem.node.config.ManagementConfig.MetricsAccess;
import org.junit.jupiter.api.Test;

class NodeConfigTest {

  @Test
  void commandLineChangesTheFirstTcpListenerAndManagement() throws Exception {
    NodeConfig config =
        Yaml.config("listeners: [{unix: /a}, {port: 1}, {port: 2}]\n" + Yaml.REALMS)
            .withPort(0)
            .withBind("::1")
            .withManagementPort(9);

    assertThat(config.listeners())
        .extracting(listener -> listener.endpoint().toString())
        .containsExactly("unix:/a", "[::1]:0", "127.0.0.1:2");
    assertThat(config.management().endpoint()).hasToString("[::1]:9");
  }

  @Test
  void badOverridesSayWhatIsWrong() throws Exception {
    NodeConfig config = Configurations.embedded();
    NodeConfig unix = Yaml.config("listeners: [{unix: /a}]\n" + Yaml.REALMS);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.withPort(65536))
        .withMessage("port 65536 is not from 0 to 65535");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.withManagementPort(-1))
        .withMessage("port -1 is not from 0 to 65535");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.withBind("not a host"))
        .withMessage("'not a host' is not an IPv4 or IPv6 address or a host name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> unix.withPort(1))
        .withMessage(
            "the configuration has no TCP listener whose address or port could be changed");
  }

  @Test
  void plainTextBeyondThisMachineIsWarnedAbout() throws Exception {
    NodeConfig config = Yaml.config("listeners: [{address: 0.0.0.0}]\n" + Yaml.REALMS);
    assertThat(config.warnings())
        .containsExactly(
            "listeners[0]: plain text on 0.0.0.0:8080, which other machines can reach:"
                + " set tls, or end TLS in front of the node");
  }

  @Test
  void metricsBeyondThisMachineAreClosedUntilSomebodyDecides() throws Exception {
    assertThat(management("address: 0.0.0.0").management().metricsAccess())
        .isEqualTo(MetricsAccess.CLOSED);
    assertThat(management("address: 0.0.0.0").warnings())
        .containsExactly(
            "management: metrics are closed on 0.0.0.0:9080, which other machines can reach:"
                + " set metricsToken or openMetrics");
    assertThat(management("address: 0.0.0.0, openMetrics: true").management().metricsAccess())
        .isEqualTo(MetricsAccess.OPEN);
    assertThat(management("metricsToken: {env: METRICS_TOKEN}").management().metricsAccess())
        .isEqualTo(MetricsAccess.TOKEN);
    assertThat(management("address: '::1'").management().metricsAccess())
        .isEqualTo(MetricsAccess.OPEN);
  }

  @Test
  void clusterBeyondThisMachineIsWarnedAbout() throws Exception {
    NodeConfig config =
        Yaml.config(
            Yaml.LISTENERS + Yaml.REALMS + "cluster: {host: tandem-0.tandem, insecure: true}\n");
    assertThat(config.warnings())
        .containsExactly(
            "cluster.insecure: everybody who reaches the cluster ports can do what a node can;"
                + " set secret or tls instead, or keep them behind a network policy or firewall");
    assertThat(
            Yaml.config(
                    Yaml.LISTENERS
                        + Yaml.REALMS
                        + "cluster: {host: tandem-0.tandem, secret: {env: METRICS_TOKEN}}\n")
                .warnings())
        .isEmpty();
    assertThat(config.withCluster(ClusterConfig.DEFAULT).warnings()).isEmpty();
    assertThat(config.withCluster(null).warnings()).isEmpty();
  }

  @Test
  void warningsFollowTheOverrides() {
    assertThat(Configurations.embedded().withBind("0.0.0.0").warnings()).hasSize(2);
  }

  @Test
  void secretMatchesItselfAlone() {
    Secret secret = new Secret("a-token-of-24-characters");
    assertThat(secret.matches("a-token-of-24-characters")).isTrue();
    assertThat(secret.matches("a-token-of-24-character")).isFalse();
    assertThat(secret.matches("")).isFalse();
  }

  private static NodeConfig management(String keys) throws ConfigurationException {
    return Yaml.config(Yaml.LISTENERS + Yaml.REALMS + "management: {" + keys + "}\n");
  }
}
