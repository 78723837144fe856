package io.tandem.cluster.membership;

import static io.tandem.cluster.membership.Members.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.map.IMap;
import io.tandem.cluster.proof.Certificates;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.proof.NodeTls;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members of Hazelcast whose connections are in TLS. */
class TlsMembersTest {

  private final Members members = new Members();

  @AfterEach
  void end() {
    members.close();
  }

  private MembershipSettings settings(List<String> join, @Nullable NodeTls shown) {
    return Members.withKey(
        Members.settings(members.cluster, Members.freePort(), join), Members.KEY.within(shown));
  }

  private EmbeddedHazelcast first(@Nullable NodeTls shown) {
    return members.start(settings(List.of(), shown));
  }

  /** Values of a few octets up to some records of TLS, in both directions, some at a time. */
  @Test
  void whatMembersShareCrossesTlsWhole() {
    EmbeddedHazelcast one = first(Certificates.valid());
    EmbeddedHazelcast two = members.start(settings(there(one), Certificates.valid()));
    EmbeddedHazelcast three = members.start(settings(there(one), Certificates.valid()));
    assertThat(Members.size(three)).isEqualTo(3);
    Random random = new Random(7);
    byte[][] values = new byte[200][];
    IMap<Integer, byte[]> here = one.instance().getMap("values");
    for (int i = 0; i < values.length; i++) {
      values[i] = new byte[random.nextInt(200_000)];
      random.nextBytes(values[i]);
      here.setAsync(i, values[i]).toCompletableFuture();
    }
    IMap<Integer, byte[]> there = two.instance().getMap("values");
    Members.awaitThat(() -> there.size() == values.length);
    for (int i = 0; i < values.length; i++) {
      assertThat(there.get(i)).isEqualTo(values[i]);
    }
  }

  @Test
  void memberThatTheOthersDoNotBelieveDoesNotStartAndSaysWhy() {
    EmbeddedHazelcast one = first(Certificates.valid());
    for (NodeTls stranger : List.of(Certificates.ofAnotherAuthority(), Certificates.expired())) {
      assertRefused(one, Members.KEY.within(stranger), "cluster.tls");
    }
    assertThat(Members.size(one)).isEqualTo(1);
  }

  @Test
  void memberWithoutTlsDoesNotJoinMembersWithItNorTheOtherWayRound() {
    EmbeddedHazelcast one = first(Certificates.valid());
    assertRefused(one, Members.KEY, "cluster.secret");
    EmbeddedHazelcast plain = first(null);
    assertRefused(plain, Members.KEY.within(Certificates.valid()), "cluster.tls");
    assertThat(Members.size(one)).isEqualTo(1);
    assertThat(Members.size(plain)).isEqualTo(1);
  }

  @Test
  void certificateAloneIsNotEnoughWhereThereIsASecret() {
    EmbeddedHazelcast one = first(Certificates.valid());
    assertRefused(
        one, ClusterKey.of("another secret 16").within(Certificates.valid()), "cluster.secret");
  }

  private void assertRefused(EmbeddedHazelcast by, ClusterKey key, String because) {
    assertThatThrownBy(
            () -> await(EmbeddedHazelcast.start(Members.withKey(settings(there(by), null), key))))
        .rootCause()
        .isInstanceOf(EmbeddedHazelcast.DifferingTermsException.class)
        .hasMessageContaining(because + " is another one here than on ");
  }

  private static List<String> there(EmbeddedHazelcast member) {
    return List.of(Members.address(member));
  }
}
