package io.tandem.node.router;

import io.tandem.node.auth.Principal;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.testaments.Testament;
import io.tandem.registry.testaments.Testator;
import io.tandem.registry.testaments.Will;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A will while it is published, in the name of a session that is over: it says one thing after the
 * other, is judged for each, and waits where its client would have been held. It hears nothing.
 * Belongs to its lane.
 */
final class Reading implements Outbox {

  private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

  /** Testaments that are published in one turn. */
  private static final int PER_TURN = 64;

  private final LaneContext lane;
  private final Admission admission;
  private final Broker broker;
  private final Map<String, Object> client;
  private final Session session;
  private final Queue<Testament> left;
  private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
  private int holds;

  /**
   * @param account of the session, which keeps nothing any more
   */
  Reading(LaneContext lane, Admission admission, Broker broker, Account account, Will will) {
    this.lane = lane;
    this.admission = admission;
    this.broker = broker;
    Testator testator = will.testator();
    this.client = Legacy.transport(testator);
    Map<String, Object> authextra = Legacy.authextra(testator);
    this.session =
        new Session(
            testator.session(),
            new Principal(
                testator.realm(),
                testator.authid(),
                testator.authrole(),
                testator.authmethod(),
                testator.authprovider(),
                authextra.isEmpty() ? null : authextra),
            new ClientFeatures(
                false,
                false,
                false,
                testator.passthru() ? EnumSet.of(ClientRole.PUBLISHER) : Set.of()),
            this,
            account);
    session.end();
    this.left = new ArrayDeque<>(will.inOrder());
  }

  /** Begins to publish; completes, on the lane, when all is said. */
  CompletableFuture<?> begin() {
    goOn();
    return done;
  }

  private void goOn() {
    for (int i = 0; i < PER_TURN && holds == 0 && !left.isEmpty(); i++) {
      say(left.remove().publish());
    }
    if (holds > 0) {
      return;
    }
    if (left.isEmpty()) {
      done.complete(null);
    } else {
      lane.execute(this::goOn);
    }
  }

  private void say(Publish publish) {
    try {
      Verdict verdict = admission.on(session, publish);
      if (verdict instanceof Verdict.Pending pending) {
        hold();
        pending.verdict().whenComplete((known, gone) -> decided(publish, known));
      } else {
        broker.receive(session, publish, (Verdict.Final) verdict);
      }
    } catch (RuntimeException defect) { // of this testament, not of those behind it
      LOG.error("A testament of session {} failed", session.id(), defect);
    }
  }

  private void decided(Publish publish, Verdict.@Nullable Final verdict) {
    try {
      if (verdict != null) {
        broker.receive(session, publish, verdict);
      }
    } finally {
      release();
    }
  }

  @Override
  public void hold() {
    holds++;
  }

  @Override
  public void release() {
    if (--holds == 0) {
      lane.execute(this::goOn);
    }
  }

  @Override
  public Map<String, Object> client() {
    return client;
  }

  @Override
  public Serializer serializer() {
    return Serializer.JSON;
  }

  @Override
  public SendResult send(WampMessage message) {
    return SendResult.CLOSED;
  }

  @Override
  public SendResult send(SharedMessage message) {
    return SendResult.CLOSED;
  }

  @Override
  public boolean isCrowded() {
    return false;
  }
}
