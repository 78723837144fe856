package io.tandem.cluster.membership;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MemberAttributeConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SocketInterceptorConfig;
import io.tandem.registry.hazelcast.HazelcastRegistry;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Hazelcast is told when it starts; docs/decisions/0008 says why. */
final class HazelcastConfiguration {

  /** Member attributes: who we are, for our membership. */
  static final String NODE_NAME = "tandem.node";

  static final String INCARNATION = "tandem.incarnation";

  /** And how we do it, for those who come after us. */
  private static final String TERM = "tandem.";

  private HazelcastConfiguration() {}

  /**
   * @param met where an earlier life of this node has met others, each {@code host:port}
   * @param onLoss see {@link HazelcastRegistry#configure}
   */
  static Config of(MembershipSettings settings, List<String> met, Runnable onLoss) {
    Config config = new Config();
    HazelcastRegistry.configure(config, onLoss);
    config.setClusterName(settings.cluster());
    config.setInstanceName(settings.node().text() + "@" + settings.port());
    config.setLiteMember(true); // until it is in step: EmbeddedHazelcast.takeShare
    properties(config, settings);
    network(config.getAdvancedNetworkConfig(), settings, met);
    attributes(config, settings);
    config.getSerializationConfig().setJavaSerializationFilterConfig(admittedClasses());
    config.getMetricsConfig().setEnabled(false);
    config.getJetConfig().setEnabled(false);
    return config;
  }

  private static void properties(Config config, MembershipSettings settings) {
    set(config, "hazelcast.logging.type", "slf4j");
    set(config, "hazelcast.shutdownhook.enabled", "false");
    set(config, "hazelcast.phone.home.enabled", "false");
    set(config, "hazelcast.local.localAddress", settings.host());
    set(config, "hazelcast.socket.bind.any", "false");
    set(config, "hazelcast.heartbeat.interval.seconds", "1");
    set(config, "hazelcast.max.no.heartbeat.seconds", settings.evictAfter().toSeconds());
    // Unless told otherwise Hazelcast leaves a partition unhealed for five minutes.
    set(config, "hazelcast.merge.first.run.delay.seconds", "5");
    set(config, "hazelcast.merge.next.run.delay.seconds", "3");
    // A member drops a list of members that overtakes its welcome. Unless told otherwise the next
    // one comes after a minute, and until then what it tells all members is refused as outdated.
    set(config, "hazelcast.member.list.publish.interval.seconds", "2");
    set(config, "hazelcast.wait.seconds.before.join", "1");
    set(config, "hazelcast.operation.backup.timeout.millis", "2000");
    set(config, "hazelcast.operation.call.timeout.millis", "10000");
    set(config, "hazelcast.graceful.shutdown.max.wait", "30");
  }

  private static void set(Config config, String name, Object value) {
    config.setProperty(name, value.toString());
  }

  /** The network that is configured by doors: with one for members only, clients have none. */
  private static void network(
      AdvancedNetworkConfig network, MembershipSettings settings, List<String> met) {
    ServerSocketEndpointConfig door = new ServerSocketEndpointConfig();
    door.setPort(settings.port()).setPortAutoIncrement(false);
    // A connection that was begun while there was no way is begun again, rather than retried by
    // the system ever more slowly. With doors the property of this name counts for nothing.
    door.setSocketConnectTimeoutSeconds(2);
    door.setSocketInterceptorConfig(new SocketInterceptorConfig().setEnabled(true));
    network.setEnabled(true).setMemberEndpointConfig(door);
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    if (settings.discovery() instanceof Discovery.KubernetesDns dns) {
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", dns.service())
          .setProperty("service-port", Integer.toString(settings.port()))
          .setProperty("service-dns-timeout", Long.toString(dns.timeout().toSeconds()));
    } else if (settings.discovery() instanceof Discovery.Addresses addresses) {
      join.getTcpIpConfig()
          .setEnabled(true)
          .setMembers(
              Stream.concat(addresses.members().stream(), met.stream()).distinct().toList());
    }
  }

  private static void attributes(Config config, MembershipSettings settings) {
    MemberAttributeConfig attributes = config.getMemberAttributeConfig();
    attributes
        .setAttribute(NODE_NAME, settings.node().name())
        .setAttribute(INCARNATION, Long.toString(settings.node().incarnation()));
    settings.terms().forEach((key, value) -> attributes.setAttribute(TERM + key, value));
  }

  /** What this member says of the key; null when it knows no such term. */
  static @Nullable String term(Member member, String key) {
    return member.getAttribute(TERM + key);
  }

  /** Octets from the cluster port become objects of these classes only. */
  private static JavaSerializationFilterConfig admittedClasses() {
    JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
    filter.setDefaultsDisabled(true);
    filter
        .getWhitelist()
        .addPrefixes(
            // Failures of remote operations travel as Java exceptions.
            "com.hazelcast.", "java.lang.", "java.util.concurrent.", "java.io.", "[")
        .addClasses(
            "java.util.Collections$EmptyList",
            "java.util.Collections$UnmodifiableRandomAccessList");
    return filter;
  }
}
