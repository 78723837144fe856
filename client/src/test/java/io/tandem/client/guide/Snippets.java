package io.tandem.client.guide;

import io.tandem.client.Arguments;
import io.tandem.client.Call;
import io.tandem.client.CallOptions;
import io.tandem.client.ClientAuthentication;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.PublishOptions;
import io.tandem.client.RegisterOptions;
import io.tandem.client.RegisterOptions.Invoke;
import io.tandem.client.TransportOptions;
import io.tandem.client.WampException;
import io.tandem.client.WireConnection;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Serializer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The code of docs/client.md, from outside the client's package. */
@SuppressWarnings("unused")
final class Snippets {

  private Snippets() {}

  static void connect() {
    // <connect>
    Vertx vertx = Vertx.vertx();
    ClientOptions options = ClientOptions.to("ws://127.0.0.1:8080/ws", "realm1");
    Future<ClientSession> opening = ClientSession.connect(vertx, options);
    opening
        .onSuccess(session -> System.out.println("session " + session.id()))
        .onFailure(failure -> System.out.println("no session: " + failure.getMessage()));
    // </connect>
  }

  static void call(ClientSession session) {
    // <call>
    session
        .call("com.example.add", Arguments.of(2, 3).with("unit", "mm"))
        .onSuccess(result -> System.out.println(result.arg(0, Long.class)))
        .onFailure(
            failure -> {
              if (failure instanceof WampException error) {
                System.out.println(error.error() + " " + error.arguments());
              }
            });
    // </call>
  }

  static void cancel(ClientSession session) {
    // <cancel>
    CallOptions options =
        CallOptions.DEFAULT
            .withTimeout(Duration.ofSeconds(30))
            .withProgress(part -> System.out.println("so far: " + part));
    Call call = session.startCall("com.example.report", Arguments.of(2026), options);
    call.result().onSuccess(report -> System.out.println(report));
    call.cancel(CancelMode.KILL);
    // </cancel>
  }

  static void parts(ClientSession session) {
    // <parts>
    Call call =
        session.startCall(
            "com.example.store", Arguments.of("first lines"), CallOptions.DEFAULT.withParts());
    call.part(Arguments.of("more lines"))
        .compose(written -> call.lastPart(Arguments.of("last lines")))
        .compose(written -> call.result())
        .onSuccess(stored -> System.out.println(stored));
    // </parts>
  }

  static void taking(ClientSession session) {
    // <taking>
    session.register(
        "com.example.store",
        invocation -> {
          List<Object> lines = new ArrayList<>(invocation.arguments().args());
          if (!invocation.isInParts()) {
            return Future.succeededFuture(Arguments.of(lines.size()));
          }
          Promise<Arguments> stored = Promise.promise();
          invocation.onPart(
              part -> {
                lines.addAll(part.arguments().args());
                if (part.isLast()) {
                  stored.complete(Arguments.of(lines.size()));
                }
              });
          return stored.future();
        });
    // </taking>
  }

  static void register(ClientSession session) {
    // <register>
    session
        .register(
            "com.example.add",
            invocation -> {
              Arguments numbers = invocation.arguments();
              long sum = numbers.arg(0, Long.class) + numbers.arg(1, Long.class);
              return Future.succeededFuture(Arguments.of(sum));
            })
        .onSuccess(registration -> System.out.println("registered " + registration.procedure()));
    // </register>
  }

  static void progress(ClientSession session, Vertx vertx) {
    // <progress>
    RegisterOptions shared = RegisterOptions.DEFAULT.withInvoke(Invoke.ROUNDROBIN);
    session.register(
        "com.example.countdown",
        shared,
        invocation -> {
          Promise<Arguments> outcome = Promise.promise();
          long timer = vertx.setTimer(1000, due -> outcome.tryComplete(Arguments.of("lift-off")));
          invocation.onInterrupt(
              mode -> {
                vertx.cancelTimer(timer);
                outcome.tryFail(new WampException("wamp.error.canceled"));
              });
          if (invocation.wantsProgress()) {
            invocation.progress(Arguments.of("one second left"));
          }
          return outcome.future();
        });
    // </progress>
  }

  static void subscribe(ClientSession session) {
    // <subscribe>
    session
        .subscribe(
            "com.example.weather.",
            MatchPolicy.PREFIX,
            event -> System.out.println(event.topic() + " " + event.arguments()))
        .compose(subscription -> session.unsubscribe(subscription));
    // </subscribe>
  }

  static void publish(ClientSession session) {
    // <publish>
    session.publish("com.example.weather.berlin", Arguments.of(21.5));
    session
        .publishAcknowledged(
            "com.example.weather.oslo", Arguments.of(3.0), PublishOptions.DEFAULT.withMyself())
        .onSuccess(publication -> System.out.println("accepted as " + publication));
    // </publish>
  }

  static void close(ClientSession session) {
    // <close>
    session.closed().onSuccess(reason -> System.out.println("over: " + reason));
    session.close();
    // </close>
  }

  static void options() {
    // <options>
    ClientOptions options =
        ClientOptions.to("wss://router.example.com/ws", "realm1")
            .withSerializer(Serializer.CBOR)
            .withTrust(new PemTrustOptions().addCertPath("ca.pem"))
            .withHelloTimeout(Duration.ofSeconds(3));
    // </options>
  }

  // <authentication>
  record Ticket(String authid, String ticket) implements ClientAuthentication {
    @Override
    public List<String> methods() {
      return List.of("ticket");
    }

    @Override
    public Future<Authenticate> onChallenge(Challenge challenge) {
      return Future.succeededFuture(new Authenticate(ticket, Map.of()));
    }
  }

  // </authentication>

  static void wire(Vertx vertx) {
    // <wire>
    WireConnection.connect(vertx, TransportOptions.to("rs://127.0.0.1:8080"))
        .compose(
            wire ->
                wire.send(new Subscribe(1, Options.EMPTY, "com.example.too_early"))
                    .compose(sent -> wire.next()))
        .onSuccess(answer -> System.out.println(answer));
    // </wire>
  }
}
