package io.tandem.node.config;

import static io.tandem.node.config.Yaml.LISTENERS;
import static io.tandem.node.config.Yaml.REALMS;
import static io.tandem.node.config.Yaml.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of problem with what a configuration says of the cluster. */
class ClusterProblemsTest {

  @ParameterizedTest
  @MethodSource
  void problemsAre(String yaml, List<String> expected) {
    assertThat(problems(yaml)).containsExactlyElementsOf(expected);
  }

  static Stream<Arguments> problemsAre() {
    return Stream.of(
        problem(
            cluster("secret: {env: SHORT}"),
            "6: cluster.secret.env: expected text: the name of an environment variable"
                + " with at least 16 characters, found 'SHORT'"),
        problem(
            cluster("join: [10.0.0.1:5701]", "service: tandem.default.svc"),
            "7: cluster.service: excludes join"),
        problem(
            cluster("host: 10.0.0.1"),
            "6: cluster.host: is beyond this machine, and without a secret or TLS whoever reaches"
                + " the cluster ports can do what a node can: set secret or tls, or insecure: true"
                + " where a firewall or network policy keeps everybody else away"),
        problem(
            cluster("name: shop", "service: tandem.default.svc"),
            "7: cluster.service: is beyond this machine, and without a secret or TLS whoever"
                + " reaches the cluster ports can do what a node can: set secret or tls, or"
                + " insecure: true where a firewall or network policy keeps everybody else away"),
        problem(
            cluster("host: 10.0.0.1", "secret: {env: METRICS_TOKEN}", "insecure: true"),
            "8: cluster.insecure: contradicts secret and tls"),
        problem(
            cluster("host: 10.0.0.1", "tls: {certificate: tls.crt, key: tls.key}"),
            "7: cluster.tls.ca: is required: text: the path of a readable PEM file with a"
                + " CERTIFICATE",
            "7: cluster.tls.certificate: expected text: the path of a readable PEM file with a"
                + " CERTIFICATE, found 'tls.crt'",
            "7: cluster.tls.key: expected text: the path of a readable PEM file with a PRIVATE KEY,"
                + " not encrypted, found 'tls.key'"),
        problem(
            cluster("host: 10.0.0.1", "insecure: maybe"),
            "7: cluster.insecure: expected true or false, found 'maybe'"),
        problem(
            cluster("host: 10.0.0.1", "secret: {env: SHORT}"),
            "7: cluster.secret.env: expected text: the name of an environment variable"
                + " with at least 16 characters, found 'SHORT'"),
        problem(
            cluster("port: 65535"),
            "6: cluster.port: expected a whole number from 0 to 65534, found '65535'"),
        problem(
            cluster("host: 0.0.0.0"),
            "6: cluster.host: expected text: an IPv4 or IPv6 address or a host name,"
                + " not 0.0.0.0 or ::, found '0.0.0.0'"),
        problem(
            cluster("node: my node"),
            "6: cluster.node: expected text: a name of at most 100 characters of ASCII"
                + " without blanks, found 'my node'"),
        problem(
            cluster("join: [10.0.0.1:5701, 10.0.0.1:5701]"), "6: cluster.join[1]: is listed twice"),
        problem(
            cluster("join: [10.0.0.1]"),
            "6: cluster.join[0]: expected text: the HOST:PORT of a node's cluster port,"
                + " found '10.0.0.1'"),
        problem(
            cluster("rebalance: {enabled: sometimes, tolerance: 4, share: 0, period: 1s, rate: 1}"),
            "6: cluster.rebalance.enabled: expected true or false, found 'sometimes'",
            "6: cluster.rebalance.tolerance: expected a whole number from 5 to 100, found '4'",
            "6: cluster.rebalance.share: expected a whole number from 1 to 100, found '0'",
            "6: cluster.rebalance.period: expected a duration from 2s to 1h, found '1s'",
            "6: cluster.rebalance.rate: unknown key; known are enabled, tolerance, share, period"),
        problem(cluster("evictAfter: 2500ms"), "6: cluster.evictAfter: must be whole seconds"),
        problem(
            cluster("port: 8080"),
            "6: cluster.port: 127.0.0.1:8080 collides with 127.0.0.1:8080 of listeners[0]"),
        problem(
            cluster("port: 9079"),
            "6: cluster.port: the links on 127.0.0.1:9080 collides with 127.0.0.1:9080"
                + " of management"));
  }

  private static Arguments problem(String yaml, String... expected) {
    return Arguments.of(yaml, Stream.of(expected).map("node.yaml:"::concat).toList());
  }

  private static String cluster(String... keys) {
    return LISTENERS + REALMS + "cluster:\n" + String.join("\n", keys).indent(2);
  }
}
