package io.tandem.cluster.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.proof.Handshake.Purpose;
import io.tandem.registry.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is let in, and who is not. */
class HandshakeTest {

  private static final ClusterKey KEY = ClusterKey.of("a secret of the cluster");
  private static final ClusterKey OTHER = ClusterKey.of("another of the cluster");

  @Test
  void bothSidesThatKnowTheSecretProveIt() throws NotProvedException {
    Handshake caller = caller(KEY);
    Handshake answerer = answerer(KEY, Purpose.LINKS);
    assertThat(caller.take(answerer.take(caller.take(answerer.take(caller.begin()))))).isEmpty();
    assertThat(caller.awaits()).isZero();
    assertThat(answerer.awaits()).isZero();
  }

  @Test
  void callerWithAnotherSecretGetsNoProofAndHearsThatItIsRefused() throws NotProvedException {
    Handshake caller = caller(OTHER);
    Handshake answerer = answerer(KEY, Purpose.LINKS);
    byte[] proof = caller.take(answerer.take(caller.begin()));
    assertThatThrownBy(() -> answerer.take(proof)).isInstanceOf(NotProvedException.class);
    assertThatThrownBy(() -> caller.take(answerer.refusal()))
        .isInstanceOf(NotProvedException.class)
        .hasMessageContaining("cluster.secret");
    assertThat(answerer.awaits()).isNotZero();
  }

  /** It cannot answer, so it sends the caller's own proof back. */
  @Test
  void whoAnswersWithoutTheSecretCanSendNothingThatIsAProof() throws NotProvedException {
    Handshake caller = caller(KEY);
    byte[] proof = caller.take(answerer(OTHER, Purpose.LINKS).take(caller.begin()));
    assertThatThrownBy(() -> caller.take(proof)).isInstanceOf(NotProvedException.class);
  }

  @Test
  void whatWasOverheardOpensNoOtherConnection() throws NotProvedException {
    Handshake caller = caller(KEY);
    List<byte[]> overheard = new ArrayList<>();
    overheard.add(caller.begin());
    overheard.add(caller.take(answerer(KEY, Purpose.LINKS).take(overheard.get(0))));
    Handshake another = answerer(KEY, Purpose.LINKS);
    another.take(overheard.get(0));
    assertThatThrownBy(() -> another.take(overheard.get(1))).isInstanceOf(NotProvedException.class);
  }

  @Test
  void proofForOnePurposeIsNoneForAnother() {
    assertThatThrownBy(() -> answerer(KEY, Purpose.RECORD).take(caller(KEY).begin()))
        .isInstanceOf(NotProvedException.class);
  }

  @Test
  void ofTooManyThatProveNothingTheOneThatHasWaitedLongestGoes() {
    Unproved unproved = new Unproved(2);
    List<Integer> closed = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      unproved.enter(() -> closed.add(number));
    }
    assertThat(closed).containsExactly(0, 1);
  }

  private static Handshake caller(ClusterKey key) {
    return new Handshake(key, Purpose.LINKS, new NodeId("a", 1), true);
  }

  private static Handshake answerer(ClusterKey key, Purpose purpose) {
    return new Handshake(key, purpose, new NodeId("b", 2), false);
  }
}
