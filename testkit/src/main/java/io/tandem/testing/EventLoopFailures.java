package io.tandem.testing;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Fails a test for what an event loop threw. Vert.x's own extension looks when the test method has
 * returned; a test that waits on its thread for what can no longer come is interrupted by this one.
 */
final class EventLoopFailures implements BeforeEachCallback, InvocationInterceptor {

  private static final Namespace OURS = Namespace.create(EventLoopFailures.class);

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

  @Override
  public void beforeEach(ExtensionContext test) {
    test.getStore(OURS).put(Alarm.class, new Alarm());
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
