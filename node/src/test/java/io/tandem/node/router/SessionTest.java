package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.protocol.id.Ids;
import org.junit.jupiter.api.Test;

/** What a session keeps account of for itself. */
class SessionTest {

  private final World world = new World(1);
  private final TestClient client = world.join(0);
  private final Session session = client.session();

  @Test
  void requestIdsCountFromOneAndBeginAgainAfterTheLast() {
    assertThat(session.isNext(2)).isFalse();
    assertThat(session.isNext(3)).as("after the one that was out of sequence").isTrue();
    assertThat(session.isNext(3)).isFalse();
    assertThat(session.isNext(4)).isTrue();
    session.isNext(Ids.MAX);
    assertThat(session.isNext(Ids.MIN)).isTrue();
    assertThat(session.isNext(Ids.MIN + 1)).isTrue();
    session.isNext(Ids.MAX);
    assertThat(session.isNext(Ids.MAX + 1)).isFalse();
  }

  @Test
  void clientIsHeldFrom256WishesUntil128AreAnswered() {
    for (int i = 1; i < 256; i++) {
      session.asks();
    }
    assertThat(client.holds).isZero();
    session.asks();
    session.asks();
    assertThat(client.holds).isEqualTo(1);
    session.answered();
    session.asks();
    assertThat(client.holds).as("held once").isEqualTo(1);
    for (int left = 256; left > 128; left--) {
      assertThat(client.holds).isEqualTo(1);
      session.answered();
    }
    session.answered();
    assertThat(client.holds).isZero();
    for (int left = 128; left > 0; left--) {
      assertThat(session.isBusy()).isTrue();
      session.answered();
    }
    assertThat(client.holds).isZero();
    assertThat(session.isBusy()).isFalse();
  }

  @Test
  void fewWishesReleaseNobodyWhoWasNotHeld() {
    for (int i = 1; i <= 200; i++) {
      session.asks();
    }
    for (int i = 1; i <= 200; i++) {
      session.answered();
    }
    assertThat(client.holds).isZero();
  }

  @Test
  void invocationThatWasNeverSentIsNone() throws Exception {
    session.lastInvocation = 3;
    assertThat(session.invocation(3)).as("over").isNull();
    assertThatThrownBy(() -> session.invocation(4))
        .hasMessage("no invocation 4 was sent to this session");
  }
}
