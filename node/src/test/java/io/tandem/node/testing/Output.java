package io.tandem.node.testing;

import io.tandem.testing.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All lines that a process says, read as they come. */
final class Output {

  private final Process process;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Thread reader = new Thread(this::read, "node output");

  Output(Process process) {
    this.process = process;
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      output.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException ended) {
      // It was killed.
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits until what it has said so far has this; fails when the process ends before. */
  <T> T until(String what, Function<List<String>, Optional<T>> look) {
    Holder<T> found = new Holder<>();
    Patience.until(
        what,
        () -> {
          boolean last = !reader.isAlive();
          found.value = look.apply(lines()).orElse(null);
          if (found.value == null && last) {
            throw new AssertionError("it ended before " + what + ": " + lines);
          }
          return found.value != null;
        });
    return Objects.requireNonNull(found.value);
  }

  /** Waits until it has said all; the process has ended. */
  void close() throws InterruptedException {
    reader.join();
  }

  private static final class Holder<T> {
    private @Nullable T value;
  }
}
