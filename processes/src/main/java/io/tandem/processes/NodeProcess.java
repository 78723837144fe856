package io.tandem.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node in a process of its own: what it says, where it is when it is ready, and how it ends. It
 * runs on when the process that started it ends without a word. Any thread.
 */
public final class NodeProcess {

  /** As a node says it, once for each of its lives. */
  private static final Pattern READY =
      Pattern.compile("tandem: ready: (wss?://[^,\\s]+)?.* ?management (http://[^\\s/]+)");

  /**
   * Where a node is.
   *
   * @param url of its first listener for WebSocket clients; empty when it has none
   * @param management address of its management port, without a path
   */
  public record Doors(String url, String management) {}

  private final String name;
  private final Process process;
  private final Consumer<String> told;
  private final CompletableFuture<Doors> ready = new CompletableFuture<>();
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();

  private NodeProcess(String name, Process process, Consumer<String> told) {
    this.name = name;
    this.process = process;
    this.told = told;
  }

  /**
   * Starts a node.
   *
   * @param name of the node, for those who read about it
   * @param command of the process, with the arguments of the node
   * @param told is told each line that the node says, on a thread that does nothing else
   * @throws IOException when there is no such command
   */
  public static NodeProcess start(String name, ProcessBuilder command, Consumer<String> told)
      throws IOException {
    NodeProcess node = new NodeProcess(name, command.redirectErrorStream(true).start(), told);
    Thread reader = new Thread(node::read, name + " says");
    reader.setDaemon(true);
    reader.start();
    return node;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().forEach(this::hear);
    } catch (IOException | UncheckedIOException killed) {
      // It says nothing more.
    }
    process
        .onExit()
        .thenAccept(
            gone -> {
              ready.completeExceptionally(new IllegalStateException(name + " ended at its start"));
              ended.complete(gone.exitValue());
            });
  }

  private void hear(String line) {
    told.accept(line);
    Matcher doors = READY.matcher(line);
    if (doors.find()) {
      ready.complete(new Doors(Objects.requireNonNullElse(doors.group(1), ""), doors.group(2)));
    }
  }

  public String name() {
    return name;
  }

  public Process process() {
    return process;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Completes when the node is ready for the first time, and all before is told; fails when it has
   * ended before.
   */
  public CompletableFuture<Doors> ready() {
    return ready.copy();
  }

  /** Whether it has been ready once. */
  public boolean wasReady() {
    return ready.isDone() && !ready.isCompletedExceptionally();
  }

  /** Completes with its exit status when it has ended, and all that it said is told. */
  public CompletableFuture<Integer> ended() {
    return ended.copy();
  }

  /** Asks it to go, as SIGTERM does. */
  public void stop() {
    // Not Process.destroy, which would not hear what it says any more.
    process.toHandle().destroy();
  }

  /** Ends it without a word, as SIGKILL does. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /**
   * Sends it another signal; returns when it is sent.
   *
   * @param signal its name, such as {@code STOP}
   * @throws UncheckedIOException when it cannot be sent
   */
  public void signal(String signal) {
    try {
      int status =
          new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (status != 0) {
        throw new UncheckedIOException(
            new IOException("kill -" + signal + " " + name + ": " + status));
      }
    } catch (IOException cannotRun) {
      throw new UncheckedIOException(cannotRun);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
