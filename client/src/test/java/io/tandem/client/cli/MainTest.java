package io.tandem.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.AgainstScriptedRouter;
import io.tandem.client.ScriptedRouter;
import io.tandem.client.ScriptedRouter.Peer;
import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Interrupt;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MainTest extends AgainstScriptedRouter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private CompletableFuture<Integer> start(OutputStream stdout, String... words) {
    String[] all =
        Stream.concat(Stream.of(words[0], "--url", router.url()), Stream.of(words).skip(1))
            .toArray(String[]::new);
    return CompletableFuture.supplyAsync(
        () ->
            Main.run(new PrintStream(stdout, true, UTF_8), new PrintStream(err, true, UTF_8), all));
  }

  private CompletableFuture<Integer> start(String... words) {
    return start(out, words);
  }

  private int run(String... words) {
    return Main.run(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), words);
  }

  private Peer join() {
    Peer peer = router.accept();
    peer.expect(Hello.class);
    peer.send(ScriptedRouter.welcome("call_canceling", "call_timeout"));
    return peer;
  }

  private static void leave(Peer peer) {
    peer.expect(Goodbye.class);
    peer.send(new Goodbye(Options.EMPTY, "wamp.close.goodbye_and_out"));
  }

  private static int code(CompletableFuture<Integer> command) {
    return Patience.join(command);
  }

  @Test
  void callPrintsTheResult() {
    CompletableFuture<Integer> command =
        start("call", "com.example.add", "2", "three", "--kw", "deep={\"a\":[1]}");
    Peer peer = join();
    Call call = peer.expect(Call.class);
    assertThat(call.payload().args()).isEqualTo(List.of(2L, "three"));
    assertThat(call.payload().kwargs()).isEqualTo(Map.of("deep", Map.of("a", List.of(1L))));
    peer.send(new Result(call.request(), Options.EMPTY, json(5, "ünï")));
    leave(peer);
    assertThat(code(command)).isZero();
    assertThat(out.toString(UTF_8)).isEqualTo("[5,\"ünï\"]" + System.lineSeparator());
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void argumentsBehindTwoDashesMayStartWithOne() {
    CompletableFuture<Integer> command = start("call", "com.example.neg", "--", "-5", "@x");
    Peer peer = join();
    Call call = peer.expect(Call.class);
    assertThat(call.payload().args()).isEqualTo(List.of(-5L, "@x"));
    peer.send(new Result(call.request(), Options.EMPTY, Payload.EMPTY));
    leave(peer);
    assertThat(code(command)).isZero();
  }

  @Test
  void errorOfACallIsOneLineAndExitCodeOne() {
    CompletableFuture<Integer> command = start("call", "com.example.none", "--timeout", "7.5");
    Peer peer = join();
    Call call = peer.expect(Call.class);
    assertThat(call.options().get(Keys.TIMEOUT)).isEqualTo(7500);
    peer.send(
        new ErrorMessage(
            MessageCode.CALL,
            call.request(),
            Options.EMPTY,
            "wamp.error.no_such_procedure",
            json("no one\noffers it")));
    leave(peer);
    assertThat(code(command)).isEqualTo(1);
    assertThat(err.toString(UTF_8).strip())
        .isEqualTo("wamp.error.no_such_procedure: no one offers it");
    assertThat(out.size()).isZero();
  }

  @Test
  void refusedSessionIsExitCodeOne() {
    CompletableFuture<Integer> command = start("call", "com.example.x", "--realm", "other");
    Peer peer = router.accept();
    assertThat(peer.expect(Hello.class).realm()).isEqualTo("other");
    peer.send(new Abort(Options.EMPTY, "wamp.error.no_such_realm", Payload.EMPTY));
    assertThat(code(command)).isEqualTo(1);
    assertThat(err.toString(UTF_8).strip()).isEqualTo("wamp.error.no_such_realm");
  }

  @Test
  void nobodyListeningIsExitCodeThree() {
    int port = Integer.parseInt(router.url().replaceAll(".*:(\\d+)/.*", "$1"));
    router.close();
    assertThat(run("call", "com.example.x", "--url", "rs://127.0.0.1:" + port)).isEqualTo(3);
    assertThat(err.toString(UTF_8)).startsWith("cannot connect to 127.0.0.1:" + port);
    router = ScriptedRouter.webSocket(vertx, Serializer.JSON);
  }

  @Test
  void routerThatVanishesIsExitCodeThree() {
    CompletableFuture<Integer> command = start("call", "com.example.x");
    Peer peer = join();
    peer.expect(Call.class);
    peer.vanish();
    assertThat(code(command)).isEqualTo(3);
    assertThat(err.toString(UTF_8)).startsWith("wamp.close.transport_lost");
  }

  @Test
  void wrongCommandLinesAreExitCodeTwoAndOneLine() {
    assertThat(run("call")).isEqualTo(2);
    assertThat(run("call", "a.b", "--no-such-option")).isEqualTo(2);
    assertThat(run("call", "a.b", "--url", "http://x")).isEqualTo(2);
    assertThat(run("subscribe", "a.b", "--match", "fuzzy")).isEqualTo(2);
    assertThat(run("register", "a.b")).isEqualTo(2);
    assertThat(run("no-such-command")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString(UTF_8).lines()).hasSize(7).allMatch(line -> line.contains("--help"));
  }

  @Test
  void helpTellsOutputAndExitCodes() {
    assertThat(run("call", "--help")).isZero();
    assertThat(out.toString(UTF_8)).contains("Output:", "Exit codes:", "--url");
  }

  @Test
  void acknowledgedPublishPrintsThePublicationId() {
    CompletableFuture<Integer> command =
        start("publish", "com.example.t", "hello", "--acknowledge");
    Peer peer = join();
    Publish publish = peer.expect(Publish.class);
    assertThat(publish.options().is(Keys.ACKNOWLEDGE)).isTrue();
    peer.send(new Published(publish.request(), 77));
    leave(peer);
    assertThat(code(command)).isZero();
    assertThat(out.toString(UTF_8).strip()).isEqualTo("77");
  }

  @Test
  void plainPublishPrintsNothing() {
    CompletableFuture<Integer> command = start("publish", "com.example.t", "1");
    Peer peer = join();
    assertThat(peer.expect(Publish.class).payload().args()).isEqualTo(List.of(1L));
    leave(peer);
    assertThat(code(command)).isZero();
    assertThat(out.size()).isZero();
  }

  private Peer subscribed() {
    Peer peer = join();
    Subscribe subscribe = peer.expect(Subscribe.class);
    peer.send(new Subscribed(subscribe.request(), 9));
    return peer;
  }

  private static void publish(Peer peer, Object... args) {
    peer.send(new Event(9, 1, Options.EMPTY, json(args)));
  }

  @Test
  void subscribeLeavesAfterTheEventsAskedFor() {
    CompletableFuture<Integer> command = start("subscribe", "com.example.t", "--count", "2");
    Peer peer = subscribed();
    publish(peer, 1);
    publish(peer, "two");
    Unsubscribe unsubscribe = peer.expect(Unsubscribe.class);
    peer.send(new Unsubscribed(unsubscribe.request(), Options.EMPTY));
    leave(peer);
    assertThat(code(command)).isZero();
    assertThat(out.toString(UTF_8).lines()).containsExactly("[1]", "[\"two\"]");
    assertThat(err.toString(UTF_8).strip()).isEqualTo("subscribed com.example.t");
  }

  @Test
  void subscribeTellsWhyTheRouterEndedTheSession() {
    CompletableFuture<Integer> command = start("subscribe", "com.example.t");
    Peer peer = subscribed();
    peer.send(new Goodbye(Options.EMPTY, "wamp.close.system_shutdown"));
    assertThat(code(command)).isEqualTo(1);
    assertThat(err.toString(UTF_8).lines()).contains("wamp.close.system_shutdown");
  }

  @Test
  void subscribeLeavesQuietlyWhenNobodyReadsItsOutput() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    CompletableFuture<Integer> command = start(closed, "subscribe", "com.example.t");
    Peer peer = subscribed();
    publish(peer, 1);
    Unsubscribe unsubscribe = peer.expect(Unsubscribe.class);
    peer.send(new Unsubscribed(unsubscribe.request(), Options.EMPTY));
    leave(peer);
    assertThat(code(command)).isZero();
  }

  private Peer registered() {
    Peer peer = join();
    Register register = peer.expect(Register.class);
    peer.send(new Registered(register.request(), 5));
    return peer;
  }

  private static void invoke(Peer peer, long request, Object... args) {
    peer.send(new Invocation(request, 5, Options.EMPTY, json(args)));
  }

  @Test
  void registeredCommandGetsTheArgumentsAndItsOutputIsTheResult() {
    CompletableFuture<Integer> command = start("register", "com.example.same", "--exec", "cat");
    Peer peer = registered();
    invoke(peer, 1, "hello", 5);
    Yield same = peer.expect(Yield.class);
    assertThat(same.payload().args()).isEqualTo(List.of(List.of("hello", 5L)));
    peer.vanish();
    assertThat(code(command)).isEqualTo(3);
  }

  @Test
  void outputThatIsNoJsonIsAString() {
    CompletableFuture<Integer> command =
        start("register", "com.example.text", "--exec", "echo two words");
    Peer peer = registered();
    invoke(peer, 1);
    assertThat(peer.expect(Yield.class).payload().args()).isEqualTo(List.of("two words"));
    peer.vanish();
    assertThat(code(command)).isEqualTo(3);
  }

  @Test
  void commandThatFailsTellsTheCallerWhatItComplainedOf() {
    CompletableFuture<Integer> command =
        start("register", "com.example.bad", "--exec", "echo out; echo went wrong >&2; exit 3");
    Peer peer = registered();
    invoke(peer, 1);
    ErrorMessage error = peer.expect(ErrorMessage.class);
    assertThat(error.error()).isEqualTo("wamp.error.runtime_error");
    assertThat(error.payload().args()).isEqualTo(List.of("went wrong"));
    peer.vanish();
    assertThat(code(command)).isEqualTo(3);
  }

  @Test
  void callsBeyondTheConcurrencyAreRefusedAndAnInterruptEndsTheCommand() {
    CompletableFuture<Integer> command =
        start("register", "com.example.slow", "--exec", "sleep 600", "--concurrency", "1");
    Peer peer = registered();
    invoke(peer, 1);
    invoke(peer, 2);
    invoke(peer, 3);
    ErrorMessage busy = peer.expect(ErrorMessage.class);
    assertThat(busy.request()).isEqualTo(3);
    assertThat(busy.error()).isEqualTo("wamp.error.unavailable");
    peer.send(new Interrupt(1, Options.of(Keys.MODE, "kill")));
    ErrorMessage canceled = peer.expect(ErrorMessage.class);
    assertThat(canceled.request()).isEqualTo(1);
    assertThat(canceled.error()).isEqualTo("wamp.error.canceled");
    peer.vanish();
    assertThat(code(command)).isEqualTo(3);
  }
}
