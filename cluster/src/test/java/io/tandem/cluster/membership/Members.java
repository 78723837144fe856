package io.tandem.cluster.membership;

import com.hazelcast.core.HazelcastInstance;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.registry.NodeId;
import io.tandem.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Real members in this process, on free ports of loopback; all of them end with the test. */
public final class Members implements AutoCloseable {

  public static final String HOST = "127.0.0.1";

  /** Names no other cluster on this machine has: tests of two working copies run side by side. */
  public final String cluster =
      "test-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

  /** Nobody is thrown out because the machine was busy: these tests are about other ends. */
  static final Duration EVICT_AFTER = Duration.ofMinutes(2);

  /** The key of a cluster without a secret. */
  public static final ClusterKey KEY = ClusterKey.of("");

  private static final AtomicLong COUNT = new AtomicLong();

  private final List<EmbeddedHazelcast> started = new ArrayList<>();

  /** The first member, or one that looks for nobody. */
  public EmbeddedHazelcast alone() {
    return joining(List.of());
  }

  /** Another member, which finds the cluster through this one. */
  public EmbeddedHazelcast joining(EmbeddedHazelcast other) {
    return joining(List.of(address(other)));
  }

  /** Another member, which has not taken its share of the record. */
  EmbeddedHazelcast visiting(EmbeddedHazelcast other) {
    return onFreePort(List.of(address(other)));
  }

  private EmbeddedHazelcast joining(List<String> addresses) {
    EmbeddedHazelcast member = onFreePort(addresses);
    await(member.takeShare());
    return member;
  }

  /** On a port that was free when it was chosen; when somebody was faster, on another one. */
  private EmbeddedHazelcast onFreePort(List<String> addresses) {
    while (true) {
      try {
        return join(settings(cluster, freePort(), addresses));
      } catch (CompletionException e) {
        if (!String.valueOf(e.getMessage()).contains("already in use")) {
          throw e;
        }
      }
    }
  }

  public EmbeddedHazelcast start(MembershipSettings settings) {
    EmbeddedHazelcast member = join(settings);
    await(member.takeShare());
    return member;
  }

  /** With another secret than {@link #KEY}. */
  static MembershipSettings withKey(MembershipSettings settings, ClusterKey key) {
    return new MembershipSettings(
        settings.cluster(),
        settings.node(),
        settings.host(),
        settings.port(),
        settings.discovery(),
        settings.evictAfter(),
        settings.terms(),
        () -> key);
  }

  private EmbeddedHazelcast join(MembershipSettings settings) {
    EmbeddedHazelcast member = await(EmbeddedHazelcast.start(settings));
    started.add(member);
    return member;
  }

  public static MembershipSettings settings(String cluster, int port, List<String> addresses) {
    return settings(
        cluster, new NodeId("node-" + port, COUNT.incrementAndGet()), port, addresses, Map.of());
  }

  static MembershipSettings settings(
      String cluster, NodeId node, int port, List<String> addresses, Map<String, String> terms) {
    return new MembershipSettings(
        cluster,
        node,
        HOST,
        port,
        new Discovery.Addresses(addresses),
        EVICT_AFTER,
        terms,
        () -> KEY);
  }

  public static String address(EmbeddedHazelcast member) {
    return HOST + ":" + member.membership().self().port();
  }

  static int size(EmbeddedHazelcast member) {
    HazelcastInstance instance = member.instance();
    return instance.getCluster().getMembers().size();
  }

  /** A port that was free just now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    return Patience.join(stage);
  }

  public static void awaitThat(BooleanSupplier condition) {
    Patience.until("it happens", condition);
  }

  @Override
  public void close() {
    started.forEach(EmbeddedHazelcast::kill);
  }
}
