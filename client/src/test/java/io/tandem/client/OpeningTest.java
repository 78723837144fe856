package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ScriptedRouter.Peer;
import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpeningTest extends AgainstScriptedRouter {

  /** Proves itself by saying the challenge backwards. */
  private record Backwards(String authid) implements ClientAuthentication {
    @Override
    public List<String> methods() {
      return List.of("backwards");
    }

    @Override
    public Map<String, Object> extra() {
      return Map.of("nonce", "n");
    }

    @Override
    public Future<Authenticate> onChallenge(Challenge challenge) {
      StringBuilder secret = new StringBuilder(String.valueOf(challenge.extra().get("say")));
      return Future.succeededFuture(new Authenticate(secret.reverse().toString(), Map.of()));
    }
  }

  @Test
  void helloAnnouncesRealmRolesAndWhoWeAre() {
    ClientSession.connect(vertx, router.options().withAuthentication(new Backwards("anna")));
    Hello hello = router.accept().expect(Hello.class);
    assertThat(hello.realm()).isEqualTo("realm1");
    assertThat(hello.details().get(Keys.ROLES))
        .containsOnlyKeys("publisher", "subscriber", "caller", "callee");
    assertThat(hello.details().get(Keys.AUTHMETHODS)).containsExactly("backwards");
    assertThat(hello.details().get(Keys.AUTHID)).isEqualTo("anna");
    assertThat(hello.details().get(Keys.AUTHEXTRA)).isEqualTo(Map.of("nonce", "n"));
  }

  @Test
  void challengeIsAnsweredAsOftenAsItIsPosed() {
    Future<ClientSession> opening =
        ClientSession.connect(vertx, router.options().withAuthentication(new Backwards("anna")));
    Peer peer = router.accept();
    peer.expect(Hello.class);
    peer.send(new Challenge("backwards", Map.of("say", "abc")));
    assertThat(peer.expect(Authenticate.class).signature()).isEqualTo("cba");
    peer.send(new Challenge("backwards", Map.of("say", "xyz")));
    assertThat(peer.expect(Authenticate.class).signature()).isEqualTo("zyx");
    peer.send(ScriptedRouter.welcome());
    assertThat(await(opening).id()).isEqualTo(4711);
  }

  @Test
  void challengeThatCannotBeAnsweredEndsInAbort() {
    Future<ClientSession> opening = ClientSession.connect(vertx, router.options());
    Peer peer = router.accept();
    peer.expect(Hello.class);
    peer.send(new Challenge("ticket", Map.of()));
    assertThat(peer.expect(Abort.class).reason()).isEqualTo("wamp.error.authentication_failed");
    assertThat(failure(opening)).hasMessageContaining("challenged: ticket");
  }

  @Test
  void abortInsteadOfWelcomeFailsWithItsReason() {
    Future<ClientSession> opening = ClientSession.connect(vertx, router.options());
    Peer peer = router.accept();
    peer.expect(Hello.class);
    Options details = Options.of(Keys.MESSAGE, "there is no realm1");
    peer.send(new Abort(details, "wamp.error.no_such_realm", Payload.EMPTY));
    assertThat(failure(opening))
        .isInstanceOf(WampException.class)
        .hasMessage("wamp.error.no_such_realm: there is no realm1");
    assertThat(peer.awaitEnd()).isEqualTo("1000");
  }

  @Test
  void silenceAfterHelloEndsInTime() {
    Future<ClientSession> opening =
        ClientSession.connect(vertx, router.options().withHelloTimeout(Duration.ofMillis(20)));
    Peer peer = router.accept();
    peer.expect(Hello.class);
    assertThat(failure(opening)).isInstanceOf(TransportException.class);
    peer.expect(Abort.class);
    peer.awaitEnd();
  }

  @Test
  void anythingButWelcomeIsAViolation() {
    Future<ClientSession> opening = ClientSession.connect(vertx, router.options());
    Peer peer = router.accept();
    peer.expect(Hello.class);
    peer.send(new Published(1, 1));
    assertThat(failure(opening)).hasMessageContaining("PUBLISHED before WELCOME");
    assertThat(peer.expect(Abort.class).reason()).isEqualTo("wamp.error.protocol_violation");
  }

  @Test
  void garbageInsteadOfWelcomeIsAViolation() {
    Future<ClientSession> opening = ClientSession.connect(vertx, router.options());
    Peer peer = router.accept();
    peer.expect(Hello.class);
    peer.sendMessage(Buffer.buffer("{}"));
    assertThat(failure(opening)).hasMessageContaining("wamp.error.protocol_violation");
  }

  @Test
  void routerThatVanishesBeforeWelcomeFailsTheOpening() {
    Future<ClientSession> opening = ClientSession.connect(vertx, router.options());
    Peer peer = router.accept();
    peer.expect(Hello.class);
    peer.vanish();
    assertThat(failure(opening)).isInstanceOf(TransportException.class);
  }

  @Test
  void nobodyListeningFailsTheOpening() {
    String url = router.url();
    router.close();
    Future<ClientSession> opening = ClientSession.connect(vertx, ClientOptions.to(url, "realm1"));
    assertThat(failure(opening))
        .isInstanceOf(TransportException.class)
        .hasMessageStartingWith("cannot connect to 127.0.0.1:");
    router = ScriptedRouter.webSocket(vertx, Serializer.JSON);
  }

  @Test
  void routerWithoutOurSerializerFailsTheOpening() {
    Future<ClientSession> opening =
        ClientSession.connect(vertx, router.options().withSerializer(Serializer.CBOR));
    assertThat(failure(opening)).isInstanceOf(TransportException.class);
  }
}
