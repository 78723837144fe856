package io.tandem.bench.load;

import io.netty.buffer.Unpooled;
import io.tandem.bench.BenchException;
import io.tandem.bench.wire.Wire;
import io.tandem.client.RouterAddress;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/**
 * One WAMP router, or the nodes of one: connections take its URLs in turns. Sessions are anonymous.
 */
public record RouterTarget(List<RouterAddress> urls, String realm, Serializer serializer)
    implements Target {

  private static final Map<String, Object> ROLES =
      Map.of("caller", Map.of(), "callee", Map.of(), "publisher", Map.of(), "subscriber", Map.of());

  @Override
  public String name() {
    return "router";
  }

  @Override
  public RouterAddress address(int connection) {
    return urls.get(connection % urls.size());
  }

  @Override
  public Future<?> open(Wire wire, Inbox inbox, Role role, String uri) {
    Hello hello = new Hello(realm, Options.of(Keys.ROLES, ROLES).with(Keys.AGENT, "tandem-bench"));
    Future<?> joined = ask(wire, inbox, hello, Welcome.class);
    return switch (role) {
      case CALLER, PUBLISHER -> joined;
      case CALLEE ->
          joined.compose(
              welcome -> ask(wire, inbox, new Register(1, Options.EMPTY, uri), Registered.class));
      case SUBSCRIBER ->
          joined.compose(
              welcome -> ask(wire, inbox, new Subscribe(1, Options.EMPTY, uri), Subscribed.class));
    };
  }

  private Future<WampMessage> ask(
      Wire wire, Inbox inbox, WampMessage question, Class<? extends WampMessage> wanted) {
    ByteSink sink = new ByteSink();
    Sender.encode(question, serializer, sink);
    return inbox
        .ask(wire, Unpooled.wrappedBuffer(sink.array(), 0, sink.length()))
        .compose(
            octets -> {
              WampMessage answer;
              try {
                answer =
                    new MessageDecoder(serializer, DecodeLimits.DEFAULT)
                        .decode(octets, 0, octets.length);
              } catch (ProtocolViolation violation) {
                return refused(question, "no WAMP message: " + violation.getMessage());
              }
              return wanted.isInstance(answer)
                  ? Future.succeededFuture(answer)
                  : refused(question, describe(answer));
            });
  }

  private static Future<WampMessage> refused(WampMessage question, String answer) {
    return Future.failedFuture(
        new BenchException("the router answered " + question.code() + " with " + answer));
  }

  private static String describe(WampMessage answer) {
    if (answer instanceof Abort abort) {
      return "ABORT " + abort.reason();
    }
    return answer instanceof ErrorMessage error
        ? "ERROR " + error.error()
        : String.valueOf(answer.code());
  }
}
