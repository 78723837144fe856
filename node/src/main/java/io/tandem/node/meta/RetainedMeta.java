package io.tandem.node.meta;

import io.tandem.node.auth.Action;
import io.tandem.node.local.LocalClient;
import io.tandem.node.local.WampFailure;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Realm;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Removes what topics of one realm retain, for those clients of one lane that may publish to them
 * (PS-RET-11). Belongs to its lane.
 */
final class RetainedMeta {

  private final Lane lane;
  private final Realm realm;
  private final LocalClient client;

  RetainedMeta(Lane lane, Realm realm, LocalClient client) {
    this.lane = lane;
    this.realm = realm;
    this.client = client;
  }

  /** Begins to serve; completes when it does. */
  Stream<CompletionStage<?>> serve() {
    return Stream.of(
        client.register(
            "wamp.tandem.retained.remove", Options.of(Keys.DISCLOSE_CALLER, true), this::remove));
  }

  private CompletionStage<Payload> remove(Invocation call) {
    String topic = Arguments.of(call.payload()).string(0, "topic");
    long caller = call.details().get(Keys.CALLER, 0L);
    return realm
        .allows(caller, Action.PUBLISH, topic, MatchPolicy.EXACT)
        .thenApply(
            allowed -> {
              if (!allowed) {
                throw new WampFailure(
                    WampUri.NOT_AUTHORIZED, "who may not publish to " + topic + " removes nothing");
              }
              boolean removed = lane.router().keeping().removeRetained(realm.name(), topic);
              return Results.of(removed);
            });
  }
}
