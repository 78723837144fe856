package io.tandem.cluster.membership;

import static io.tandem.cluster.membership.Members.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.proof.ClusterKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What those who do not know the secret get on the port of Hazelcast; see SECURITY.md. */
class StrangersTest {

  private static final ClusterKey SECRET = ClusterKey.of("sixteen or more octets");

  private final Members members = new Members();
  private final EmbeddedHazelcast one = members.start(settings(List.of(), SECRET));

  @AfterEach
  void end() {
    members.close();
  }

  private MembershipSettings settings(List<String> join, ClusterKey key) {
    return Members.withKey(Members.settings(members.cluster, Members.freePort(), join), key);
  }

  private List<String> there() {
    return List.of(Members.address(one));
  }

  @Test
  void membersWithTheSecretJoin() {
    members.start(settings(there(), SECRET));
    assertThat(Members.size(one)).isEqualTo(2);
  }

  @Test
  void memberWithAnotherSecretOrNoneDoesNotStartAndSaysWhy() {
    for (ClusterKey other : List.of(ClusterKey.of("another one, as long"), Members.KEY)) {
      assertThatThrownBy(() -> await(EmbeddedHazelcast.start(settings(there(), other))))
          .hasRootCauseInstanceOf(EmbeddedHazelcast.DifferingTermsException.class)
          .rootCause()
          .hasMessageContaining("cluster.secret is another one here than on ");
    }
    assertThat(Members.size(one)).isEqualTo(1);
  }

  /** As a packet they would ask for 2 GiB of memory. */
  @Test
  void fourteenOctetsEndTheirOwnConnection() throws IOException {
    try (Socket stranger = connect()) {
      byte[] packet =
          ByteBuffer.allocate(14)
              .put("HZC".getBytes(StandardCharsets.US_ASCII))
              .put((byte) 4)
              .putChar((char) 0)
              .putInt(-1)
              .putInt(Integer.MAX_VALUE)
              .array();
      stranger.getOutputStream().write(packet);
      assertThat(isOver(stranger)).isTrue();
    }
    members.start(settings(there(), SECRET));
    assertThat(Members.size(one)).isEqualTo(2);
  }

  @Test
  void silentConnectionsAreClosedAndKeepNobodyOut() throws IOException {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 1_265; i++) {
        silent.add(connect());
      }
      members.start(settings(there(), SECRET));
      assertThat(Members.size(one)).isEqualTo(2);
      for (Socket each : silent) {
        assertThat(isOver(each)).isTrue();
      }
    } finally {
      for (Socket each : silent) {
        each.close();
      }
    }
  }

  private static boolean isOver(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), one.membership().self().port());
  }
}
