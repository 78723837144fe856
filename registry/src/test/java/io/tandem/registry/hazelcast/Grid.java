package io.tandem.registry.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.tandem.registry.Histogram;
import io.tandem.testing.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Members of Hazelcast in this process that keep a registry, on free ports of loopback. */
final class Grid implements AutoCloseable {

  private static final String HOST = "127.0.0.1";

  /** A name that no other cluster on this machine has. */
  private final String name = "grid-" + UUID.randomUUID();

  private final List<HazelcastInstance> members = new ArrayList<>();

  /** The first member, or a further one that finds the others. */
  HazelcastInstance member() {
    Config config = new Config();
    config.setClusterName(name);
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.local.localAddress", HOST);
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.operation.backup.timeout.millis", "2000");
    config.getNetworkConfig().setPort(0).setPortAutoIncrement(false);
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig()
        .setEnabled(true)
        .setMembers(
            members.stream()
                .filter(other -> other.getLifecycleService().isRunning())
                .map(Grid::address)
                .toList());
    config.getMetricsConfig().setEnabled(false);
    HazelcastRegistry.configure(config, () -> {});
    HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
    members.add(member);
    return member;
  }

  private static String address(HazelcastInstance member) {
    return HOST + ":" + member.getCluster().getLocalMember().getAddress().getPort();
  }

  /** The member ends as a crash ends it. */
  static void kill(HazelcastInstance member) {
    member.getLifecycleService().terminate();
  }

  static HazelcastRecordStore<String, Long> store(HazelcastInstance member, String map) {
    return new HazelcastRecordStore<>(
        new HazelcastOctetMap(member, map, Histogram.ofTimes()),
        KeyFormat.NAME,
        ValueFormat.NUMBER,
        Patience.LIMIT,
        task -> new Thread(task).start());
  }

  static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    return Patience.join(stage);
  }

  @Override
  public void close() {
    members.forEach(Grid::kill);
  }
}
