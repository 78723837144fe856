package io.tandem.node;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.membership.Discovery;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.RebalanceConfig;
import io.tandem.node.config.WireKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ClusterOptionsTest {

  private static final RebalanceConfig REBALANCE = new RebalanceConfig(true, 30, 5, ofSeconds(40));

  private static final ClusterConfig CONFIGURED =
      new ClusterConfig(
          "shop",
          "shop-0",
          "10.0.0.1",
          5800,
          new Discovery.KubernetesDns("shop.default.svc", ofSeconds(5)),
          3,
          ofSeconds(9),
          WireKind.SOCKET,
          null,
          null,
          false,
          REBALANCE);

  private static ClusterOptions options(String... options) {
    return CommandLine.populateCommand(new ClusterOptions(), options);
  }

  @Test
  void withoutOptionsTheConfigurationDecides() {
    assertThat(options().over(null)).isNull();
    assertThat(options().over(CONFIGURED)).isSameAs(CONFIGURED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--cluster-port=5701",
        "--cluster-name=tandem",
        "--cluster-host=127.0.0.1",
        "--join=10.0.0.1:5701",
        "--expect=1",
        "--node=tandem-0",
        "--wire=event-bus"
      })
  void anyOptionMakesTheNodeOneOfACluster(String option) {
    assertThat(options(option).over(null))
        .usingRecursiveComparison()
        .ignoringFields("node", "discovery")
        .isEqualTo(ClusterConfig.DEFAULT);
  }

  @Test
  void optionsReplaceWhatTheConfigurationSays() {
    assertThat(
            options(
                    "--cluster-port=0",
                    "--cluster-name=mall",
                    "--cluster-host=::1",
                    "--join=[::1]:5701,[::1]:5703",
                    "--expect=5",
                    "--node=mall-1",
                    "--wire=event-bus")
                .over(CONFIGURED))
        .isEqualTo(
            new ClusterConfig(
                "mall",
                "mall-1",
                "::1",
                0,
                new Discovery.Addresses(List.of("[::1]:5701", "[::1]:5703")),
                5,
                ofSeconds(9),
                WireKind.EVENT_BUS,
                null,
                null,
                false,
                REBALANCE));
  }

  @Test
  void whatNoOptionSaysStaysAsConfigured() {
    assertThat(options("--cluster-host=10.0.0.7").over(CONFIGURED))
        .usingRecursiveComparison()
        .ignoringFields("host")
        .isEqualTo(CONFIGURED);
  }
}
