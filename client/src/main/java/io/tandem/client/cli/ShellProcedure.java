package io.tandem.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tandem.client.Arguments;
import io.tandem.client.Invocation;
import io.tandem.client.ProcedureHandler;
import io.tandem.client.WampException;
import io.tandem.protocol.uri.WampUri;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A procedure whose work a shell command does: arguments on its stdin, result on its stdout. Runs a
 * bounded number of processes at a time, each watched by a thread of its own; a caller who gives up
 * ends the process.
 */
final class ShellProcedure implements ProcedureHandler, AutoCloseable {

  private static final String RUNTIME_ERROR = "wamp.error.runtime_error";
  private static final int MAX_RESULT = 8 << 20;
  private static final int MAX_ERROR_TEXT = 4096;

  private final String command;
  private final ThreadPoolExecutor runners;

  /** Threads that feed stdin and read stderr: at most two for each process that runs. */
  private final ExecutorService pipes = Executors.newCachedThreadPool();

  ShellProcedure(String command, int concurrency) {
    this.command = command;
    this.runners =
        new ThreadPoolExecutor(
            concurrency, concurrency, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(concurrency));
  }

  @Override
  public Future<Arguments> handle(Invocation invocation) {
    Promise<Arguments> outcome = Promise.promise();
    try {
      runners.execute(() -> answer(invocation, outcome));
    } catch (RejectedExecutionException busy) {
      outcome.fail(new WampException(WampUri.UNAVAILABLE, Arguments.of("callee is busy")));
    }
    return outcome.future();
  }

  private void answer(Invocation invocation, Promise<Arguments> outcome) {
    try {
      outcome.complete(run(invocation));
    } catch (IOException | RuntimeException failed) {
      outcome.fail(failed);
    } catch (InterruptedException closing) {
      outcome.fail(new WampException(WampUri.CANCELED));
    }
  }

  private Arguments run(Invocation invocation) throws IOException, InterruptedException {
    byte[] input = (JsonText.document(invocation.arguments()) + "\n").getBytes(UTF_8);
    AtomicBoolean interrupted = new AtomicBoolean();
    Process process = new ProcessBuilder("sh", "-c", command).start();
    try {
      invocation.onInterrupt(
          mode -> {
            interrupted.set(true);
            end(process);
          });
      CompletableFuture<Void> fed =
          CompletableFuture.runAsync(() -> feed(process.getOutputStream(), input), pipes);
      CompletableFuture<String> errors =
          CompletableFuture.supplyAsync(() -> head(process.getErrorStream()), pipes);
      byte[] output = process.getInputStream().readNBytes(MAX_RESULT + 1);
      if (output.length > MAX_RESULT) {
        throw new WampException(WampUri.PAYLOAD_SIZE_EXCEEDED);
      }
      int code = process.waitFor();
      fed.join();
      if (interrupted.get()) {
        throw new WampException(WampUri.CANCELED);
      }
      if (code != 0) {
        throw new WampException(RUNTIME_ERROR, Arguments.of(errorText(errors.join(), code)));
      }
      String text = new String(output, UTF_8).strip();
      return text.isEmpty() ? Arguments.none() : Arguments.of(JsonText.valueOf(text));
    } catch (IOException cut) {
      // Ending the process may close what is being read here.
      if (interrupted.get()) {
        throw new WampException(WampUri.CANCELED);
      }
      throw cut;
    } finally {
      end(process);
    }
  }

  private static String errorText(String errors, int code) {
    return errors.isBlank() ? "the command exited with " + code : errors.strip();
  }

  private static void feed(OutputStream stdin, byte[] input) {
    try (stdin) {
      stdin.write(input);
    } catch (IOException unread) {
      // A command need not read its arguments.
    }
  }

  /** The beginning of what is written; the rest is read too, lest the writer block. */
  private static String head(InputStream stderr) {
    try (stderr) {
      byte[] head = stderr.readNBytes(MAX_ERROR_TEXT);
      stderr.transferTo(OutputStream.nullOutputStream());
      return new String(head, UTF_8);
    } catch (IOException gone) {
      return "";
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  /** Ends the processes that run. */
  @Override
  public void close() {
    runners.shutdownNow();
    pipes.shutdown();
  }
}
