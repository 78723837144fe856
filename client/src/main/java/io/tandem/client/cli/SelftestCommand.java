package io.tandem.client.cli;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.PublishOptions;
import io.tandem.client.TransportException;
import io.tandem.client.TransportOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Calls and publishes from every router named to every one: whoever has answered REGISTERED or
 * SUBSCRIBED must be reached at once. On the main thread, which may wait.
 */
@Command(
    name = "selftest",
    description = {
      "Calls and publishes between routers that claim to be one.",
      "A session on each of them registers a procedure and subscribes to a topic; a session on each"
          + " of them calls that procedure and publishes to that topic."
    },
    footer = {"", SessionCommand.EXIT_CODES},
    mixinStandardHelpOptions = true)
final class SelftestCommand implements Callable<Integer> {

  @Parameters(arity = "1..*", paramLabel = "URL", description = "Where the routers are")
  private List<String> urls = List.of();

  @Option(names = "--realm", defaultValue = "realm1", description = "Default: ${DEFAULT-VALUE}")
  private String realm = "";

  @Option(
      names = "--prefix",
      paramLabel = "URI",
      defaultValue = "tandem.selftest",
      description =
          "What its procedures and topics begin with; it needs all four rights below."
              + " Default: ${DEFAULT-VALUE}")
  private String prefix = "";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "Longest wait for each step. Default: ${DEFAULT-VALUE}")
  private double timeoutSeconds;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  SelftestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      List<ClientSession> sessions = new ArrayList<>();
      for (String url : urls) {
        sessions.add(answer("connecting to " + url, ClientSession.connect(vertx, options(url))));
      }
      for (int to = 0; to < urls.size(); to++) {
        reach(sessions, to);
      }
      for (ClientSession session : sessions) {
        answer("leaving", session.close());
      }
      return ExitCode.OK;
    } finally {
      answer("closing", vertx.close());
    }
  }

  private ClientOptions options(String url) {
    try {
      return ClientOptions.to(url, realm)
          .withTransport(TransportOptions.to(url).withConnectTimeout(patience()))
          .withHelloTimeout(patience())
          .withCloseTimeout(Duration.ofSeconds(2));
    } catch (IllegalArgumentException senseless) {
      throw new ParameterException(spec.commandLine(), String.valueOf(senseless.getMessage()));
    }
  }

  /** From every router to this one. */
  private void reach(List<ClientSession> sessions, int to) throws Exception {
    String uri = prefix + ".t" + UUID.randomUUID().toString().replace('-', '_');
    ClientSession holder = sessions.get(to);
    BlockingQueue<Arguments> events = new LinkedBlockingQueue<>();
    answer(
        "registering on " + urls.get(to),
        holder.register(uri, invocation -> Future.succeededFuture(invocation.arguments())));
    answer(
        "subscribing on " + urls.get(to),
        holder.subscribe(uri, event -> events.add(event.arguments())));
    for (int from = 0; from < urls.size(); from++) {
      String way = "from " + urls.get(from) + " to " + urls.get(to);
      ClientSession sender = sessions.get(from);
      Arguments sent = Arguments.of(way);
      check("call " + way, sent, answer("call " + way, sender.call(uri, sent)));
      answer(
          "publishing on " + urls.get(from),
          sender.publishAcknowledged(uri, sent, PublishOptions.DEFAULT.withMyself()));
      check("event " + way, sent, events.poll(patience().toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private void check(String what, Arguments sent, @Nullable Arguments arrived) {
    if (arrived == null) {
      throw new TransportException(what + ": nothing came in " + patience().toMillis() + " ms");
    }
    if (!arrived.equals(sent)) {
      throw new TransportException(what + ": " + sent + " became " + arrived);
    }
    console.result("ok: " + what);
  }

  private Duration patience() {
    return Duration.ofMillis(Math.round(timeoutSeconds * 1000));
  }

  private <T> T answer(String what, Future<T> future) throws Exception {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      console.error(what + ":");
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    } catch (TimeoutException late) {
      throw new TransportException(
          what + ": nothing came in " + patience().toMillis() + " ms", late);
    }
  }
}
