package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.WampUri;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads on which authenticators may take their time. */
@Timeout(60)
class AuthPoolTest {

  private static final AuthStep NO = new AuthStep.Refused("wamp.error.authentication_denied", "no");

  private final AuthPool pool = new AuthPool(1, 2);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CountDownLatch began = new CountDownLatch(1);

  @AfterEach
  void close() {
    goOn.countDown();
    pool.close();
  }

  /** Keeps the only thread busy until {@link #goOn}. */
  private AuthAnswer.Later block() throws InterruptedException {
    AuthAnswer.Later blocked =
        (AuthAnswer.Later)
            pool.ask(
                () -> {
                  began.countDown();
                  goOn.await();
                  return NO;
                });
    began.await();
    return blocked;
  }

  private static AuthStep step(AuthAnswer answer) throws ExecutionException, InterruptedException {
    return ((AuthAnswer.Later) answer).step().toCompletableFuture().get();
  }

  @Test
  void workIsDoneOnANamedThreadOfItsOwn() throws Exception {
    List<String> threads = new ArrayList<>();
    assertThat(
            step(
                pool.ask(
                    () -> {
                      threads.add(Thread.currentThread().getName());
                      return NO;
                    })))
        .isEqualTo(NO);
    assertThat(threads).containsExactly("tandem-auth-1");
  }

  @Test
  void whoFindsTheQueueFullIsRefusedAtOnce() throws Exception {
    AuthAnswer first = block();
    AuthAnswer second = pool.ask(() -> NO);
    AuthAnswer third = pool.ask(() -> NO);

    assertThat(pool.ask(() -> NO))
        .isInstanceOfSatisfying(
            AuthStep.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(WampUri.AUTHENTICATION_FAILED));
    goOn.countDown();
    assertThat(List.of(step(first), step(second), step(third))).containsOnly(NO);
    assertThat(step(pool.ask(() -> NO))).as("there is room again").isEqualTo(NO);
  }

  @Test
  void whoIsAbandonedLeavesTheQueueAndIsNeverAsked() throws Exception {
    block();
    AtomicBoolean asked = new AtomicBoolean();
    AuthAnswer.Later abandoned =
        (AuthAnswer.Later)
            pool.ask(
                () -> {
                  asked.set(true);
                  return NO;
                });
    AuthAnswer next = pool.ask(() -> NO);
    abandoned.abandoned().run();
    assertThat(pool.waiting()).isEqualTo(1);
    goOn.countDown();
    assertThat(step(next)).isEqualTo(NO);
    assertThat(asked).isFalse();
  }

  @Test
  void workThatNobodyWaitsForIsInterrupted() throws Exception {
    AuthAnswer.Later blocked = block();
    blocked.abandoned().run();
    assertThat(step(pool.ask(() -> NO))).as("by the same thread").isEqualTo(NO);
    assertThat(goOn.await(0, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void failureIsToldAsSuch() {
    AuthAnswer.Later failed =
        (AuthAnswer.Later)
            pool.ask(
                () -> {
                  throw new IllegalStateException("no database");
                });
    assertThat(failed.step().toCompletableFuture())
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("no database");
  }
}
