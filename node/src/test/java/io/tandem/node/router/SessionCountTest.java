package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many sessions a realm has, and when it may close. */
class SessionCountTest {

  private final SessionCount count = new SessionCount();

  @Test
  void whoIsThereKeepsTheRealmFromClosing() {
    assertThat(count.enter("user", 10, 10)).isTrue();
    assertThat(count.shut()).isFalse();
    assertThat(count.enter("user", 10, 10)).isTrue();
    count.leave("user");
    assertThat(count.shut()).isFalse();
    assertThat(count.sessions()).isEqualTo(1);
    count.leave("user");
    assertThat(count.shut()).isTrue();
    assertThat(count.joins()).isEqualTo(2);
  }

  @Test
  void nobodyEntersOnceItIsShut() {
    assertThat(count.shut()).isTrue();
    assertThat(count.enter("user", 10, 10)).isFalse();
    assertThat(count.isShut()).isTrue();
    assertThat(count.shut()).isTrue();
    assertThat(count.sessions()).isZero();
    assertThat(count.joins()).isZero();
  }

  @Test
  void whoFindsNoPlaceHasNotCome() {
    assertThat(count.enter("user", 10, 0)).isFalse();
    assertThat(count.enter("user", 0, 10)).isFalse();
    assertThat(count.sessions()).isZero();
    assertThat(count.joins()).isZero();
    assertThat(count.shut()).isTrue();
  }
}
