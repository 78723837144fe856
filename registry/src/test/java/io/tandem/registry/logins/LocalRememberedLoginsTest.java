package io.tandem.registry.logins;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Patience;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a node that stands alone remembers of logins. */
class LocalRememberedLoginsTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Instant now = START;
  private final LocalRememberedLogins logins = new LocalRememberedLogins(3, () -> now);

  private static RememberedLogin login(String authid) {
    return new RememberedLogin(
        "realm1",
        authid,
        "realm1",
        authid,
        "user",
        "ticket",
        "static",
        null,
        "seal",
        START.plusSeconds(60));
  }

  private @Nullable RememberedLogin find(String name) {
    return Patience.join(logins.find(name));
  }

  private void remember(String... names) {
    for (String name : names) {
      Patience.join(logins.remember(name, login(name)));
    }
  }

  @Test
  void theLatestOfANameIsFoundUntilItIsForgotten() {
    assertThat(find("a")).isNull();
    remember("a", "b");
    Patience.join(logins.remember("a", login("other")));
    assertThat(find("a")).isEqualTo(login("other"));

    Patience.join(logins.forget("a"));
    assertThat(find("a")).isNull();
    assertThat(find("b")).isEqualTo(login("b"));
  }

  @Test
  void noneIsFoundWhenItsTimeIsOver() {
    remember("a");
    now = START.plus(Duration.ofMillis(59_999));
    assertThat(find("a")).isNotNull();
    now = START.plusSeconds(60);
    assertThat(find("a")).isNull();
    now = START;
    assertThat(find("a")).as("it is dropped").isNull();
  }

  @Test
  void ofTooManyTheOneGoesThatWasNotAskedForInTheLongestTime() {
    remember("a", "b", "c");
    find("a");
    remember("d");
    assertThat(find("b")).isNull();
    assertThat(find("a")).isNotNull();
    assertThat(find("c")).isNotNull();
    assertThat(find("d")).isNotNull();
  }
}
