package io.tandem.client.cli;

import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.TransportException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A command that runs in a session of its own, on the main thread, and says goodbye at the end.
 * Waiting is fine on this thread: it is no event loop.
 */
abstract class SessionCommand implements Callable<Integer> {

  static final String OUTPUT =
      "Output: one JSON document per line. An array of the positional arguments; an object of the"
          + " keyword arguments when there are no others;"
          + " @|bold {\"args\": [...], \"kwargs\": {...}}|@ when there are both.";
  static final String EXIT_CODES =
      "Exit codes: 0 well; 1 WAMP error, told on stderr as @|bold wamp.error.xxx: text|@;"
          + " 2 usage; 3 cannot connect, or connection lost.";

  @Mixin private RouterOptions router = new RouterOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  SessionCommand(Console console) {
    this.console = console;
  }

  /** Does the work; returns the exit code. */
  abstract int run(ClientSession session) throws Exception;

  @Override
  public final Integer call() throws Exception {
    ClientOptions options = options();
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      ClientSession session = await(ClientSession.connect(vertx, options));
      try {
        return run(session);
      } finally {
        await(session.close());
      }
    } finally {
      await(vertx.close());
    }
  }

  private ClientOptions options() {
    try {
      return router.toClientOptions();
    } catch (IllegalArgumentException senseless) {
      throw usage(String.valueOf(senseless.getMessage()));
    }
  }

  final ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  final Console console() {
    return console;
  }

  final RouterOptions router() {
    return router;
  }

  /** The future's result, however long it takes. */
  static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw cause(failed);
    }
  }

  /** The router's answer, for as long as the user is patient. */
  final <T> T answer(Future<T> future) throws Exception {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(router.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw cause(failed);
    } catch (TimeoutException late) {
      throw new TransportException("no answer in " + router.patience().toMillis() + " ms", late);
    }
  }

  private static Exception cause(Exception failed) {
    return failed.getCause() instanceof Exception cause ? cause : failed;
  }
}
