package io.tandem.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxTestContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What becomes of tests whose event loops throw. */
class DrivesVertxTest {

  @DrivesVertx
  static class Waiting {

    private Vertx vertx;

    @BeforeEach
    void setUp(Vertx vertx) {
      this.vertx = vertx;
      plant(vertx);
    }

    @Test
    void forACondition() {
      Patience.until("never", () -> false);
    }

    @Test
    void forAFuture() throws Exception {
      Patience.get(Promise.promise().future().toCompletionStage());
    }

    @Test
    void forAStage() {
      Patience.join(Promise.promise().future().toCompletionStage());
    }

    @RepeatedTest(1)
    void again() {
      Patience.until("never", () -> false);
    }

    @Test
    void forACheckpoint(VertxTestContext listening) {
      listening.checkpoint();
    }

    /** Needs an event loop that serves, and a thread that may wait. */
    @AfterEach
    void tearDown() throws Exception {
      turn(vertx);
    }
  }

  @DrivesVertx
  static class NotWaiting {

    @Test
    void failsLater(Vertx vertx) throws Exception {
      vertx.getOrCreateContext(); // from now on that of this thread
      plant(vertx);
      turn(vertx);
    }
  }

  @DrivesVertx
  static class Sound {

    @Test
    void isGivenOneVertx(Vertx vertx, Vertx same) throws Exception {
      assertThat(same).isSameAs(vertx);
      turn(vertx);
    }
  }

  /** Has made its Vert.x itself, as whole nodes and wires do. */
  static class OnItsOwn {

    private static Vertx shared;

    @BeforeAll
    static void make() {
      shared = Vertx.vertx();
    }

    @AfterAll
    static void close() throws Exception {
      Patience.get(shared.close().toCompletionStage());
    }

    @Test
    void onAVertxOfItsOwn() throws Exception {
      Vertx own = Vertx.vertx();
      try {
        plant(own);
        Patience.until("never", () -> false);
      } finally {
        own.close();
      }
    }

    @Test
    void onAVertxOfItsClass() {
      plant(shared);
      Patience.until("never", () -> false);
    }
  }

  private static void plant(Vertx vertx) {
    vertx.runOnContext(
        here -> {
          throw new IllegalStateException("planted");
        });
  }

  private static void turn(Vertx vertx) throws Exception {
    Promise<Void> ran = Promise.promise();
    vertx.runOnContext(here -> ran.complete());
    Patience.get(ran.future().toCompletionStage());
  }

  @Test
  void whateverATestWaitsForAnExceptionOnAnEventLoopFailsItAtOnce() {
    assertThat(run(Waiting.class)).hasSize(5).allSatisfy((name, result) -> assertPlanted(result));
  }

  @Test
  void whoeverMadeTheEventLoop() {
    assertThat(run(OnItsOwn.class)).hasSize(2).allSatisfy((name, result) -> assertPlanted(result));
  }

  @Test
  void exceptionThatATestDidNotWaitForFailsItToo() {
    assertThat(run(NotWaiting.class).values())
        .singleElement()
        .satisfies(DrivesVertxTest::assertPlanted);
  }

  @Test
  void testWhoseEventLoopsThrowNothingPasses() {
    assertThat(run(Sound.class).values())
        .singleElement()
        .isEqualTo(TestExecutionResult.successful());
  }

  private static void assertPlanted(TestExecutionResult result) {
    Throwable failure = result.getThrowable().orElseThrow();
    assertThat(failure).hasToString("java.lang.IllegalStateException: planted");
    assertThat(failure.getSuppressed())
        .as("what ended the wait")
        .noneMatch(
            ended -> String.valueOf(ended).matches("(?s).*(" + Patience.LIMIT + "|timed out).*"));
  }

  /** How the tests of this class end, one after the other. */
  private static Map<String, TestExecutionResult> run(Class<?> tests) {
    Map<String, TestExecutionResult> results = new ConcurrentHashMap<>();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                  results.put(test.getUniqueId(), result);
                }
              }
            });
    return results;
  }
}
