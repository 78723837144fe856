package io.tandem.node.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.credentials.VerificationKeys;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When keys are fetched, and what holds meanwhile; in virtual time. */
class FetchedKeysTest {

  private static final String FIRST = Issuer.jwks(Issuer.RSA);
  private static final String SECOND = Issuer.jwks(Issuer.OTHER_RSA);

  private final Deque<CompletableFuture<String>> fetches = new ArrayDeque<>();
  private int asked;
  private long now = Long.MAX_VALUE - 1_000_000_000L; // the clock may begin anywhere

  private final FetchedKeys keys =
      new FetchedKeys(
          "http://issuer",
          () -> {
            asked++;
            CompletableFuture<String> fetch = new CompletableFuture<>();
            fetches.add(fetch);
            return fetch;
          },
          () -> now);

  private CompletableFuture<VerificationKeys> need(@Nullable String id) {
    return keys.keys(id).toCompletableFuture();
  }

  private void answer(String text) {
    fetches.remove().complete(text);
  }

  private void fail() {
    fetches.remove().completeExceptionally(new Exception("unreachable"));
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private void known() {
    need("rsa-1");
    answer(FIRST);
    pass(FetchedKeys.PAUSE);
  }

  @Test
  void allWhoNeedThemWaitForOneFetch() {
    CompletableFuture<VerificationKeys> one = need("rsa-1");
    CompletableFuture<VerificationKeys> other = need("rsa-2");
    assertThat(asked).isEqualTo(1);
    assertThat(one).isNotDone();
    answer(FIRST);
    assertThat(one.join().has("rsa-1")).isTrue();
    assertThat(other.join().has("rsa-2")).isFalse();
    assertThat(need("rsa-1")).isCompleted();
    assertThat(need(null)).isCompleted();
    assertThat(asked).isEqualTo(1);
  }

  @Test
  void unknownKeyIsLookedForButNotMoreOftenThanThePause() {
    need("rsa-1");
    answer(FIRST);
    assertThat(need("made up").join().has("made up")).as("just fetched").isFalse();
    assertThat(asked).isEqualTo(1);
    pass(FetchedKeys.PAUSE);
    CompletableFuture<VerificationKeys> rotated = need("rsa-2");
    assertThat(need("rsa-1")).as("what is known waits for nobody").isCompleted();
    answer(SECOND);
    assertThat(rotated.join().has("rsa-2")).isTrue();
    for (int i = 0; i < 1_000; i++) {
      assertThat(need("made up " + i)).isCompleted();
    }
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void keyThatWasTakenBackCountsForFiveMinutesAtMost() {
    known();
    pass(FetchedKeys.FRESH.minus(FetchedKeys.PAUSE).minusNanos(1));
    assertThat(need("rsa-1")).isCompleted();
    pass(Duration.ofNanos(1));
    CompletableFuture<VerificationKeys> late = need("rsa-1");
    assertThat(late).isNotDone();
    answer(SECOND);
    assertThat(late.join().has("rsa-1")).isFalse();
  }

  @Test
  void whatWasSaidLastHoldsForAnHourWhileTheIssuerCannotBeAsked() {
    known();
    pass(FetchedKeys.FRESH);
    CompletableFuture<VerificationKeys> first = need("rsa-1");
    fail();
    assertThat(first.join().has("rsa-1")).isTrue();
    assertThat(need("rsa-1")).as("nobody is asked again so soon").isCompleted();
    pass(FetchedKeys.USABLE);
    CompletableFuture<VerificationKeys> last = need("rsa-1");
    fail();
    assertThat(last).isCompletedExceptionally();
    assertThat(need("rsa-1")).isCompletedExceptionally();
    assertThat(asked).isEqualTo(3);
    pass(FetchedKeys.PAUSE);
    CompletableFuture<VerificationKeys> again = need("rsa-1");
    answer(FIRST);
    assertThat(again.join().has("rsa-1")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "{}",
        "[]",
        "{\"keys\":{}}",
        "{\"keys\":[]}",
        "{\"keys\":[7]}",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AAAA\",\"e\":\"AQAB\"}]}",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
      })
  void nonsenseIsNoKeysAndChangesNone(String nonsense) {
    CompletableFuture<VerificationKeys> first = need("rsa-1");
    answer(nonsense);
    assertThat(first).isCompletedExceptionally();
    pass(FetchedKeys.PAUSE);
    known();
    pass(FetchedKeys.FRESH);
    CompletableFuture<VerificationKeys> later = need("rsa-1");
    answer(nonsense);
    assertThat(later.join().has("rsa-1")).isTrue();
  }

  @Test
  void setOfKeysHasABound() {
    String key = Issuer.RSA.toPublicJWK().toJSONString();
    assertThat(VerificationKeys.parse("{\"keys\":[" + (key + ",").repeat(99) + key + "]}"))
        .isNotNull();
    assertThat(VerificationKeys.parse("{\"keys\":[" + (key + ",").repeat(100) + key + "]}"))
        .isNull();
    assertThat(VerificationKeys.parse("[".repeat(200_000))).isNull();
  }
}
