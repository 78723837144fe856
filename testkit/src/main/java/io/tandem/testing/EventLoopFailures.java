package io.tandem.testing;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Fails a test for what an event loop threw: of the Vert.x that it was given, and of each that was
 * made while it or its class ran, be it by a node. Vert.x's own extension looks when the test
 * method has returned; a test that waits on its thread for what can no longer come is interrupted
 * by this one. JUnit finds it by itself, for all classes.
 */
public final class EventLoopFailures
    implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, InvocationInterceptor {

  private static final Namespace OURS = Namespace.create(EventLoopFailures.class);

  /** The class whose tests run on a thread, or began it. */
  private static final InheritableThreadLocal<TestClass> HERE = new InheritableThreadLocal<>();

  private static final Set<TestClass> RUNNING = ConcurrentHashMap.newKeySet();

  /** A class whose tests run, one after the other. */
  private static final class TestClass {

    private @Nullable Alarm alarm;
    private @Nullable Throwable betweenTests;

    synchronized void begins(Alarm test) {
      alarm = test;
    }

    synchronized void ring(Throwable failure) {
      if (alarm != null) {
        alarm.ring(failure);
      } else if (betweenTests == null) {
        betweenTests = failure;
      }
    }

    synchronized void end() throws Exception {
      if (betweenTests != null) {
        throw new ExecutionException("an event loop threw this between tests", betweenTests);
      }
    }
  }

  /** The failures of one test; the first one counts. */
  private static final class Alarm {

    private final VertxTestContext loops = new VertxTestContext();
    private final Thread test = Thread.currentThread();
    private boolean isTestWatched;

    /** Any thread. */
    synchronized void ring(Throwable failure) {
      loops.failNow(failure);
      interruptIfWatched();
    }

    private synchronized void watch(boolean watched) {
      isTestWatched = watched;
      interruptIfWatched();
      if (!watched && loops.failed()) {
        Thread.interrupted(); // has ended what it was for
      }
    }

    private void interruptIfWatched() {
      if (isTestWatched && loops.failed()) {
        test.interrupt();
      }
    }

    void runSetUpOrTest(Invocation<Void> part) throws Throwable {
      watch(true);
      run(part);
    }

    void run(Invocation<Void> part) throws Throwable {
      Throwable thrown = null;
      try {
        part.proceed();
      } catch (Throwable failure) {
        thrown = failure;
      } finally {
        watch(false);
      }
      if (loops.failed()) {
        Throwable cause = loops.causeOfFailure();
        if (thrown != null && thrown != cause) {
          cause.addSuppressed(thrown);
        }
        throw cause;
      } else if (thrown != null) {
        throw thrown;
      }
    }
  }

  /** A Vert.x is made; what makes it may have been begun by a test. Any thread. */
  static void watch(Vertx vertx) {
    TestClass began = HERE.get();
    List<TestClass> running = began == null ? List.copyOf(RUNNING) : List.of(began);
    if (running.size() == 1) {
      vertx.exceptionHandler(running.get(0)::ring);
    }
  }

  @Override
  public void beforeAll(ExtensionContext tests) {
    TestClass fresh = new TestClass();
    tests.getStore(OURS).put(TestClass.class, fresh);
    RUNNING.add(fresh);
    HERE.set(fresh);
  }

  @Override
  public void afterAll(ExtensionContext tests) throws Exception {
    TestClass over = testClass(tests);
    RUNNING.remove(over);
    HERE.remove();
    over.end();
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    Alarm alarm = new Alarm();
    test.getStore(OURS).put(Alarm.class, alarm);
    HERE.set(testClass(test));
    testClass(test).begins(alarm);
  }

  private static TestClass testClass(ExtensionContext test) {
    return test.getStore(OURS).get(TestClass.class, TestClass.class);
  }

  private static Alarm alarm(ExtensionContext test) {
    Alarm alarm = test.getStore(OURS).get(Alarm.class, Alarm.class);
    Object given = test.getStore(Namespace.GLOBAL).get(VertxExtension.VERTX_INSTANCE_KEY);
    if (given instanceof Supplier<?> vertx) {
      ((Vertx) vertx.get()).exceptionHandler(alarm::ring);
    }
    return alarm;
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<Void> part, ReflectiveInvocationContext<Method> method, ExtensionContext test)
      throws Throwable {
    alarm(test).runSetUpOrTest(part);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> part, ReflectiveInvocationContext<Method> method, ExtensionContext test)
      throws Throwable {
    alarm(test).runSetUpOrTest(part);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> part, ReflectiveInvocationContext<Method> method, ExtensionContext test)
      throws Throwable {
    alarm(test).runSetUpOrTest(part);
  }

  /** Never interrupted, for it ends what others would find. */
  @Override
  public void interceptAfterEachMethod(
      Invocation<Void> part, ReflectiveInvocationContext<Method> method, ExtensionContext test)
      throws Throwable {
    alarm(test).run(part);
  }
}
