package io.tandem.cluster.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import io.tandem.cluster.hazelcast.HazelcastSettings.Discovery;
import io.tandem.registry.NodeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Real members in this process, on free ports of loopback; all of them end with the test. */
public final class Members implements AutoCloseable {

  public static final String HOST = "127.0.0.1";

  /** Names no other cluster on this machine has: tests of two working copies run side by side. */
  public final String cluster =
      "test-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

  private static final AtomicLong COUNT = new AtomicLong();

  private final List<EmbeddedHazelcast> started = new ArrayList<>();

  /** The first member, or one that looks for nobody. */
  public EmbeddedHazelcast alone() {
    return start(settings(cluster, freePort(), List.of()));
  }

  /** Another member, which finds the cluster through this one. */
  public EmbeddedHazelcast joining(EmbeddedHazelcast other) {
    return start(settings(cluster, freePort(), List.of(address(other))));
  }

  public EmbeddedHazelcast start(HazelcastSettings settings) {
    EmbeddedHazelcast member = await(EmbeddedHazelcast.start(settings));
    started.add(member);
    return member;
  }

  public static HazelcastSettings settings(String cluster, int port, List<String> addresses) {
    return new HazelcastSettings(
        cluster,
        new NodeId("node-" + port, COUNT.incrementAndGet()),
        HOST,
        port,
        new Discovery.Addresses(addresses),
        HazelcastSettings.EVICT_AFTER);
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
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  public static void awaitThat(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not happen within 60 s");
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public void close() {
    started.forEach(EmbeddedHazelcast::kill);
  }
}
