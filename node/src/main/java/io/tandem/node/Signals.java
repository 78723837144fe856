package io.tandem.node;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Signals that ask this process to go: the first runs a task, a later one ends the process at once.
 * A shutdown hook would hear the first alone, and could not decide about the exit status; so this
 * is {@code sun.misc.Signal}, by reflection, since javac warns of it (decision 13).
 */
final class Signals {

  /** By name, with their numbers. */
  private static final Map<String, Integer> GO = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  /**
   * Within this time signals are one: who ends a group of processes often signals each and all, as
   * {@code timeout} and systemd do.
   */
  private static final long ONE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What a shell tells of a process that a signal ended is this and the signal's number. */
  private static final int ENDED_BY = 128;

  private Signals() {}

  /** Where the commands hear of signals. */
  interface Source {

    /** The process is told to go. */
    void onGo(Runnable task);

    /** It is told so again, and ends at once when the task has returned. */
    default void onSecond(Runnable task) {}

    /** The process is told, by HUP, to read its configuration again. */
    default void onReload(Runnable task) {}
  }

  /** Those that this process gets. */
  static Source ofProcess() {
    return new Source() {
      private volatile Runnable last = () -> {};

      @Override
      public void onGo(Runnable task) {
        onFirst(task, () -> last.run());
      }

      @Override
      public void onSecond(Runnable task) {
        last = task;
      }

      @Override
      public void onReload(Runnable task) {
        handle("HUP", task);
      }
    };
  }

  /**
   * From now on the task is run, on a thread of its own, by the first signal that comes. Signals
   * that this process was told to ignore, as by {@code nohup}, are still ignored; where the JVM
   * leaves signals alone ({@code -Xrs}), they end the process as they always do.
   */
  private static void onFirst(Runnable task, Runnable last) {
    AtomicReference<@Nullable Long> first = new AtomicReference<>();
    GO.forEach(
        (name, number) ->
            handle(
                name,
                () -> {
                  long now = System.nanoTime();
                  if (first.compareAndSet(null, now)) {
                    task.run();
                  } else if (now - Objects.requireNonNull(first.get()) >= ONE_NANOS) {
                    last.run();
                    Runtime.getRuntime().halt(ENDED_BY + number);
                  }
                }));
  }

  private static void handle(String name, Runnable task) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  task.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException notHere) {
      // Unknown to this system or this JVM, which then has its own way.
    }
  }
}
