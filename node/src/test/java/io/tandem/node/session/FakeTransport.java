package io.tandem.node.session;

import io.tandem.node.auth.Evidence;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.SendResult;
import io.tandem.node.router.SharedMessage;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers what it was told to send, and why to close. */
final class FakeTransport implements Transport {

  final List<WampMessage> sent = new ArrayList<>();
  @Nullable CloseCause closedFor;
  SendResult outcome = SendResult.SENT;

  /** What sending ends with, where it is set. */
  @Nullable RuntimeException defect;

  boolean behind;
  boolean readsNoMore;
  int holds;

  @Override
  public Serializer serializer() {
    return Serializer.JSON;
  }

  @Override
  public SendResult send(WampMessage message) {
    if (closedFor != null) {
      throw new AssertionError("sent after close: " + message);
    }
    if (defect != null) {
      throw defect;
    }
    sent.add(message);
    return outcome;
  }

  @Override
  public SendResult send(SharedMessage message) {
    return send(message.message());
  }

  @Override
  public boolean isCrowded() {
    return false;
  }

  @Override
  public void whenAwake(Runnable task) {
    task.run();
  }

  @Override
  public void hold() {
    holds++;
  }

  @Override
  public void release() {
    if (--holds < 0) {
      throw new AssertionError("nothing to release");
    }
  }

  @Override
  public boolean isBehind() {
    return behind;
  }

  @Override
  public void readNoMore() {
    readsNoMore = true;
  }

  @Override
  public String peer() {
    return "test";
  }

  @Override
  public Evidence evidence() {
    return Clients.evidence("test", true, null, null);
  }

  @Override
  public void close(CloseCause cause) {
    if (closedFor != null) {
      throw new AssertionError("closed again: " + cause);
    }
    closedFor = cause;
  }
}
