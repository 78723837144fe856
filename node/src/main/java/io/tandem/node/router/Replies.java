package io.tandem.node.router;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Interrupt;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.util.List;
import java.util.Map;

/**
 * What the lane of a callee says to those that own the calls, and to the callee about them. Answers
 * are never turned away, however full the caller's lane is: whoever answers waits for room then.
 * Belongs to the lane.
 */
final class Replies {

  private final Post post;
  private final LiveSettings settings;

  Replies(Post post, LiveSettings settings) {
    this.post = post;
    this.settings = settings;
  }

  /** A result, or a part of one. */
  void result(CallAddress call, Options details, Payload payload) {
    post.send(call.lane(), new Delivery.Result(realm(), call, details, payload));
  }

  void error(CallAddress call, Options details, String error, Payload payload) {
    post.send(call.lane(), new Delivery.Failed(realm(), call, details, error, payload));
  }

  /** An error of the router's own. */
  void error(CallAddress call, String error, String why) {
    error(call, Options.EMPTY, error, Payload.encode(Serializer.JSON, List.of(why), Map.of()));
  }

  /** The callee was not invoked. */
  void refused(Delivery.Invoke invoke, Delivery.Refusal reason) {
    post.send(invoke.call().lane(), invoke.refused(reason));
  }

  /** The callee has a call in parts. */
  void accepted(CallAddress call) {
    post.send(call.lane(), new Delivery.Accepted(realm(), call));
  }

  /** Has the call go to another callee, where its own may give it back (RPC-RER-01). */
  boolean givesBack(PendingInvocation invocation) {
    Session callee = invocation.callee;
    return !invocation.isCommitted
        && callee.features().has(ClientFeature.GIVES_BACK)
        && post.send(
            invocation.call.lane(),
            new Delivery.Refused(
                realm(), invocation.call, callee.id(), Delivery.Refusal.UNAVAILABLE));
  }

  /** Asks the callee to stop. */
  static void interrupt(PendingInvocation invocation, CancelMode mode, String reason) {
    invocation.callee.send(
        new Interrupt(
            invocation.request, Options.of(Keys.MODE, mode.wireName()).with(Keys.REASON, reason)));
  }

  private String realm() {
    return settings.now().name();
  }
}
