package io.tandem.bench.fuzz;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.bench.hostile.Keep;
import io.tandem.node.Node;
import io.tandem.node.config.Configurations;
import io.tandem.testing.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Some seconds of {@code ./tandem bench fuzz}, against a node in this JVM. */
class FuzzIT {

  private static final String REALM = "realm1";
  private static final long SEED = 20_260;
  private static final int CASES = 200;
  private static final int CONNECTIONS = 8;

  private static Keep keep;
  private static Node node;

  @BeforeAll
  static void start() throws Exception {
    keep = Keep.make();
    node =
        await(
            Node.start(
                Configurations.parse(
                    "fuzz.yaml",
                    """
                    listeners:
                      - port: 0
                    management: {port: 0}
                    lanes: 2
                    realms:
                      - name: realm1
                        auth: {anonymous: {role: anyone}}
                        roles: &roles
                          - name: anyone
                            permissions:
                              - {uri: "", match: prefix, allow: [call, register, publish, subscribe]}
                      - %s
                    """
                        .formatted(keep.configuration().realms().get(0)))));
  }

  @AfterAll
  static void stop() {
    await(node.stop().otherwiseEmpty());
    keep.close();
  }

  @ParameterizedTest
  @EnumSource
  void nodeKeepsTheRulesWhateverItIsToldAndNothingBehind(Target target) throws IOException {
    Storm storm = new Storm(new Cases(SEED, target, REALM, keep.joe()), "127.0.0.1", port());

    storm.blow(CONNECTIONS, Storm.some(0, CASES), () -> true);

    assertThat(storm.found()).as("by the numbers of cases of seed %d", SEED).isEmpty();
    assertThat(storm.played()).isEqualTo(CASES);
    // Or nothing was tried but refusals.
    assertThat(storm.joined()).isGreaterThan(CASES / 4);
    assertThat(metric("tandem_closes_total{cause=\"internal_error\"}")).isZero();
    Patience.until("all sessions are gone", () -> metric("tandem_sessions") == 0);
  }

  private static int port() {
    return node.ports().get(0);
  }

  private static long metric(String name) {
    URI uri = URI.create("http://127.0.0.1:" + node.managementPort() + "/metrics");
    try (InputStream body = uri.toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
