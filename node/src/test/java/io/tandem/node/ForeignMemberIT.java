package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.tandem.cluster.membership.Discovery;
import io.tandem.cluster.membership.EmbeddedHazelcast;
import io.tandem.cluster.membership.MembershipSettings;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.registry.NodeId;
import io.tandem.testing.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A Hazelcast that is none of ours and knows the name of the cluster: it tries for two minutes to
 * join, or is soon one of its own.
 */
class ForeignMemberIT {

  @Test
  void foreignMemberWithTheRightNameIsNotLetIn() {
    int port = FreePorts.pair("127.0.0.1");
    EmbeddedHazelcast node =
        Patience.join(
            EmbeddedHazelcast.start(
                new MembershipSettings(
                    "foreign-" + port,
                    new NodeId("node", 1),
                    "127.0.0.1",
                    port,
                    new Discovery.Addresses(List.of()),
                    Duration.ofSeconds(5),
                    Map.of(),
                    () -> ClusterKey.of("sixteen or more octets"))));
    HazelcastInstance stranger = null;
    try {
      stranger = Hazelcast.newHazelcastInstance(foreign(port));
      assertThat(stranger.getCluster().getMembers()).as("alone").hasSize(1);
    } catch (IllegalStateException metNobody) {
      assertThat(metNobody).hasMessageContaining("failed to start");
    } finally {
      assertThat(node.membership().members()).hasSize(1);
      if (stranger != null) {
        stranger.shutdown();
      }
      Patience.join(node.abandon());
    }
  }

  private static Config foreign(int port) {
    Config config = new Config().setClusterName("foreign-" + port);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.local.localAddress", "127.0.0.1");
    config.getNetworkConfig().setPort(FreePorts.pair("127.0.0.1"));
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).setMembers(List.of("127.0.0.1:" + port));
    return config;
  }
}
