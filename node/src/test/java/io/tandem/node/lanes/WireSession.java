package io.tandem.node.lanes;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.WireConnection;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session without a client library: every message that arrives can be seen. */
final class WireSession {

  private static final Map<String, @Nullable Object> CANCELING =
      Map.of("features", Map.of("call_canceling", true));

  private static final Options ROLES =
      Options.of(
          Keys.ROLES,
          Map.of(
              "publisher",
              Map.of(),
              "subscriber",
              Map.of(),
              "caller",
              CANCELING,
              "callee",
              CANCELING));

  private final WireConnection connection;
  private final Serializer serializer;
  private long lastRequest;

  private WireSession(WireConnection connection, Serializer serializer) {
    this.connection = connection;
    this.serializer = serializer;
  }

  static WireSession open(WireConnection connection, Serializer serializer) {
    WireSession session = new WireSession(connection, serializer);
    session.send(new Hello("realm1", ROLES));
    assertThat(session.next()).isInstanceOf(Welcome.class);
    return session;
  }

  /** The request ID of the next request. */
  long nextRequest() {
    return ++lastRequest;
  }

  void send(WampMessage message) {
    connection.send(message);
  }

  WampMessage next() {
    return await(connection.next());
  }

  /** Subscribes to this topic; returns the subscription's ID. */
  long subscribe(String topic) {
    send(new Subscribe(nextRequest(), Options.EMPTY, topic));
    return ((Subscribed) next()).subscription();
  }

  /** Registers this procedure; returns the registration's ID. */
  long register(String procedure) {
    send(new Register(nextRequest(), Options.EMPTY, procedure));
    return ((Registered) next()).registration();
  }

  /** Calls a procedure; returns the request ID. */
  long call(String procedure, Options options, Object... arguments) {
    long request = nextRequest();
    send(new Call(request, options, procedure, payload(arguments)));
    return request;
  }

  Payload payload(Object... arguments) {
    return Payload.encode(serializer, List.of(arguments), Map.of());
  }

  /** Ends the connection without a word. */
  void cut() {
    await(connection.close());
  }
}
