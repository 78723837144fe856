package io.tandem.node.meta;

import io.tandem.node.local.LocalClient;
import io.tandem.node.local.WampFailure;
import io.tandem.node.router.Realm;
import io.tandem.node.router.Verdict;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.testaments.Testament;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The testament meta API of one realm, for the clients of one lane: {@code
 * wamp.session.add_testament} and {@code flush_testaments}. Belongs to its lane.
 */
final class TestamentMeta {

  private static final Options DISCLOSED = Options.of(Keys.DISCLOSE_CALLER, true);

  private final Realm realm;
  private final LocalClient client;

  TestamentMeta(Realm realm, LocalClient client) {
    this.realm = realm;
    this.client = client;
  }

  /** Begins to serve; each stage completes when a part of it does. */
  Stream<CompletionStage<?>> serve() {
    return Stream.of(
        client.register("wamp.session.add_testament", DISCLOSED, this::add),
        client.register("wamp.session.flush_testaments", DISCLOSED, this::flush));
  }

  private CompletionStage<Payload> add(Invocation call) {
    Arguments args = Arguments.of(call.payload());
    Publish publish =
        publish(
            args.string(0, "topic"),
            args.list(1, "args"),
            args.dict(2, "kwargs", "keyword arguments"),
            args.dict("publish_options"));
    Testament testament = new Testament(scope(args), publish);
    return realm.testaments().add(caller(call), testament).thenApply(TestamentMeta::done);
  }

  private CompletionStage<Payload> flush(Invocation call) {
    Testament.Scope scope = scope(Arguments.of(call.payload()));
    return realm.testaments().flush(caller(call), scope).thenApply(TestamentMeta::done);
  }

  private static long caller(Invocation call) {
    return call.details().get(Keys.CALLER, 0L);
  }

  /** Neither returns a value (PS-TEST-03). */
  private static Payload done(Verdict.@Nullable Refused refused) {
    if (refused != null) {
      throw new WampFailure(refused.error(), refused.why());
    }
    return Payload.EMPTY;
  }

  private static Testament.Scope scope(Arguments args) {
    String scope = args.string("scope");
    if (scope == null || scope.equals("destroyed")) {
      return Testament.Scope.DESTROYED;
    } else if (scope.equals("detached")) {
      return Testament.Scope.DETACHED;
    }
    throw Arguments.invalid("scope has to be detached or destroyed");
  }

  /**
   * The PUBLISH that the session would have said, read as if it had, but for options that make no
   * sense when nobody is there any more (PS-TEST-07).
   */
  private static Publish publish(String topic, List<?> args, Map<?, ?> kwargs, Map<?, ?> options) {
    try {
      List<?> said = List.of(MessageCode.PUBLISH.number(), 1, options, topic, args, kwargs);
      Payload list = Payload.encode(Serializer.CBOR, said, Map.of());
      Publish publish =
          (Publish)
              new MessageDecoder(Serializer.CBOR, DecodeLimits.DEFAULT)
                  .decode(list.bytes(), list.offset(), list.length());
      return new Publish(
          publish.request(),
          publish.options().without(Keys.ACKNOWLEDGE).without(Keys.EXCLUDE_ME),
          publish.topic(),
          publish.payload());
    } catch (IllegalArgumentException | ProtocolViolation none) {
      throw Arguments.invalid("this cannot be published: " + none.getMessage());
    }
  }
}
