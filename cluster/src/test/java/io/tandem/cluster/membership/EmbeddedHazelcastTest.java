package io.tandem.cluster.membership;

import static io.tandem.cluster.membership.Members.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.registry.NodeId;
import io.tandem.testing.Patience;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who joins whom, what the port admits, and what Hazelcast is not allowed to do. */
class EmbeddedHazelcastTest {

  private final Members members = new Members();

  @AfterEach
  void end() {
    members.close();
  }

  @Test
  void plainStartJoinsNobody() {
    EmbeddedHazelcast one = members.alone();
    EmbeddedHazelcast clone = members.alone();
    assertThat(Members.size(one)).isEqualTo(1);
    assertThat(Members.size(clone)).isEqualTo(1);
  }

  @Test
  void memberOfAnotherClusterNameJoinsNobody() {
    EmbeddedHazelcast one = members.alone();
    EmbeddedHazelcast stranger =
        members.start(
            Members.settings(
                members.cluster + "-other", Members.freePort(), List.of(Members.address(one))));
    assertThat(Members.size(stranger)).isEqualTo(1);
    assertThat(Members.size(one)).isEqualTo(1);
  }

  @Test
  void takenPortFailsTheStart() {
    EmbeddedHazelcast one = members.alone();
    MembershipSettings same =
        Members.settings(members.cluster, one.membership().self().port(), List.of());
    assertThatThrownBy(() -> await(EmbeddedHazelcast.start(same)))
        .hasMessageContaining("already in use");
  }

  @Test
  void memberThatDiffersInWhatAllMustHaveAlikeIsRefusedAndSaysInWhat() {
    EmbeddedHazelcast one = members.start(speaking("socket", List.of()));
    MembershipSettings other = speaking("event-bus", List.of(Members.address(one)));
    assertThatThrownBy(() -> await(EmbeddedHazelcast.start(other)))
        .hasRootCauseInstanceOf(EmbeddedHazelcast.DifferingTermsException.class)
        .rootCause()
        .hasMessageContaining("cluster.wire is event-bus here and socket on ");
    Members.awaitThat(() -> Members.size(one) == 1);

    EmbeddedHazelcast same = members.start(speaking("socket", List.of(Members.address(one))));
    EmbeddedHazelcast unaware = members.joining(one);
    assertThat(Members.size(same)).isEqualTo(3);
    assertThat(Members.size(unaware)).isEqualTo(3);
  }

  private MembershipSettings speaking(String wire, List<String> addresses) {
    int port = Members.freePort();
    return Members.settings(
        members.cluster,
        new NodeId("node-" + port, 1),
        port,
        addresses,
        Map.of("cluster.wire", wire));
  }

  /** Hazelcast's clients and its text commands would reach every record without a word. */
  @Test
  void portAdmitsMembersOnly() throws Exception {
    EmbeddedHazelcast one = members.alone();
    assertThat(answerTo(one, "HZC")).as("members").isEqualTo("HZC");
    assertThat(answerTo(one, "CP2")).as("clients").isEqualTo("HZX");
    assertThat(answerTo(one, "GET")).as("commands").isEqualTo("HZX");
  }

  /** What the port says to the first octets of a protocol: the same, or HZX and the end. */
  private static String answerTo(EmbeddedHazelcast member, String protocol) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), member.membership().self().port())) {
      Gatekeeper.ofRecord(Members.KEY, new NodeId("other", 9)).call(socket);
      socket.setSoTimeout((int) Patience.LIMIT.toMillis());
      socket.getOutputStream().write(protocol.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(3), StandardCharsets.US_ASCII);
    }
  }

  /**
   * A system that goes on trying, ever more slowly, would miss for half a minute that a cut is
   * over.
   */
  @Test
  void connectionThatFindsNoWayIsGivenUpSoon() {
    var node = ((HazelcastInstanceProxy) members.alone().instance()).getOriginal().node;
    assertThat(
            node.getServer().getContext().getSocketConnectTimeoutSeconds(EndpointQualifier.MEMBER))
        .isEqualTo(2);
  }

  @Test
  void portAdmitsNoForeignClasses() {
    EmbeddedHazelcast one = members.alone();
    EmbeddedHazelcast two = members.joining(one);
    var sent = one.instance().getMap("anything");
    for (int i = 0; i < 10; i++) {
      sent.put(i, new Foreign());
    }
    assertThatThrownBy(() -> two.instance().getMap("anything").get(1))
        .hasMessageContaining("Foreign");
  }

  @Test
  void memberKeepsNothingOfTheRecordBeforeItTakesItsShare() {
    EmbeddedHazelcast one = members.alone();
    EmbeddedHazelcast two = members.visiting(one);
    Map<Integer, Integer> there = two.instance().getMap("tandem.odd");
    for (int i = 0; i < 20; i++) {
      there.put(i, i);
    }
    assertThat(partitionsOf(two)).isZero();

    await(two.takeShare());
    Members.awaitThat(() -> partitionsOf(two) > 0);
    assertThat(there).containsEntry(1, 1);
  }

  private static long partitionsOf(EmbeddedHazelcast member) {
    return member.instance().getPartitionService().getPartitions().stream()
        .filter(partition -> partition.getOwner() != null && partition.getOwner().localMember())
        .count();
  }

  @Test
  void lossOfAnOwnerWithItsBackupIsHeard() {
    EmbeddedHazelcast one = members.alone();
    EmbeddedHazelcast two = members.joining(one);
    EmbeddedHazelcast three = members.joining(one);
    AtomicInteger heard = new AtomicInteger();
    three.onLoss(heard::incrementAndGet);
    three.instance().getMap("tandem.odd").put("k", "v");
    Members.awaitThat(() -> one.instance().getPartitionService().isClusterSafe());
    assertThat(heard).hasValue(0);

    one.kill();
    two.kill();
    Members.awaitThat(() -> heard.get() > 0);
  }

  /**
   * A list of members that overtakes the welcome of the member it is sent to is dropped there. Here
   * the member believes that it was not welcomed yet, and misses that another one keeps a share of
   * the record.
   */
  @Test
  void memberThatDroppedTheListOfMembersGetsItAgain() throws Exception {
    EmbeddedHazelcast one = members.alone();
    EmbeddedHazelcast two = members.joining(one);
    EmbeddedHazelcast three = members.visiting(one);
    Members.awaitThat(() -> Members.size(two) == 3);
    Joining ofTwo = new Joining(two);
    ofTwo.set(false);
    await(three.takeShare());
    ofTwo.set(true);
    Members.awaitThat(
        () -> two.instance().getCluster().getMembers().stream().noneMatch(Member::isLiteMember));
  }

  /** Whether a member believes that it has joined the cluster: Hazelcast keeps it for itself. */
  private static final class Joining {

    private final ClusterServiceImpl cluster;
    private final Method setter;
    private final Lock lock;

    Joining(EmbeddedHazelcast member) throws ReflectiveOperationException {
      cluster = ((HazelcastInstanceProxy) member.instance()).getOriginal().node.getClusterService();
      setter = ClusterServiceImpl.class.getDeclaredMethod("setJoined", boolean.class);
      setter.setAccessible(true);
      Field field = ClusterServiceImpl.class.getDeclaredField("clusterServiceLock");
      field.setAccessible(true);
      lock = (Lock) field.get(cluster);
    }

    void set(boolean joined) throws ReflectiveOperationException {
      lock.lock();
      try {
        setter.invoke(cluster, joined);
      } finally {
        lock.unlock();
      }
    }
  }

  @Test
  void kubernetesIsAskedThroughDnsOnly() {
    Config config =
        HazelcastConfiguration.of(
            new MembershipSettings(
                "c",
                new NodeId("n", 1),
                Members.HOST,
                5799,
                new Discovery.KubernetesDns("tandem.default.svc", Duration.ofSeconds(5)),
                Duration.ofSeconds(5),
                Map.of(),
                () -> Members.KEY),
            List.of(),
            () -> {});
    JoinConfig join = config.getAdvancedNetworkConfig().getJoin();
    assertThat(join.getKubernetesConfig().isEnabled()).isTrue();
    assertThat(join.getKubernetesConfig().getProperties())
        .containsEntry("service-dns", "tandem.default.svc")
        .containsEntry("service-port", "5799")
        .containsEntry("service-dns-timeout", "5");
    assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
    assertThat(join.getMulticastConfig().isEnabled()).isFalse();
    assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
    join.verify();
  }

  @Test
  void nothingIsSentHomeAndNothingElseIsSwitchedOn() {
    Config config =
        HazelcastConfiguration.of(
            Members.settings("c", Members.freePort(), List.of()), List.of(), () -> {});
    JoinConfig join = config.getAdvancedNetworkConfig().getJoin();
    assertThat(join.getMulticastConfig().isEnabled()).isFalse();
    assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
    assertThat(config.getJetConfig().isEnabled()).isFalse();
    assertThat(config.getProperties())
        .containsEntry("hazelcast.phone.home.enabled", "false")
        .containsEntry("hazelcast.shutdownhook.enabled", "false")
        .containsEntry("hazelcast.member.list.publish.interval.seconds", "2")
        .containsEntry("hazelcast.max.no.heartbeat.seconds", "" + Members.EVICT_AFTER.toSeconds());
    assertThat(config.findMapConfig("tandem.sessions").getMergePolicyConfig().getPolicy())
        .endsWith("DiscardMergePolicy");
  }

  /** Anything that is not ours. */
  private static final class Foreign implements Serializable {
    private static final long serialVersionUID = 1;
  }
}
