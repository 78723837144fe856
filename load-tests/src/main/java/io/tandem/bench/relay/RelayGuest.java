package io.tandem.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.bench.wire.Acceptor.Greeted;
import io.tandem.bench.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the relay. Its first message is its part, a word and a number as in "callee 7",
 * and is answered by the same; what follows is forwarded. Belongs to its lane.
 */
final class RelayGuest implements Greeted {

  private final Relay relay;
  private final RelayLane lane;
  private @Nullable Wire wire;
  private String part = "";
  private String topic = "";
  private @Nullable RelayGuest partner;

  RelayGuest(Relay relay, RelayLane lane) {
    this.relay = relay;
    this.lane = lane;
  }

  @Override
  public void onOpen(Wire opened) {
    wire = opened;
  }

  private Wire wire() {
    return Objects.requireNonNull(wire, "opened");
  }

  @Override
  public void onMessage(ByteBuf message) {
    if (partner != null) {
      forward(partner, message);
    } else if (part.equals("publisher")) {
      publish(message);
    } else if (part.isEmpty()) {
      introduce(message.toString(StandardCharsets.UTF_8));
    }
  }

  /** A frame to the other side of a pair: shared across lanes, so it is made here. */
  private void forward(RelayGuest to, ByteBuf message) {
    ByteBuf frame = wire().frame(message);
    to.lane.run(() -> to.wire().sendFrame(frame));
  }

  private void publish(ByteBuf message) {
    ByteBuf frame = wire().frame(message);
    for (RelayLane each : relay.lanes()) {
      frame.retain();
      each.run(() -> each.deliver(topic, frame));
    }
    frame.release();
  }

  private void introduce(String words) {
    int space = words.indexOf(' ');
    part = words.substring(0, Math.max(space, 0));
    topic = words.substring(space + 1);
    switch (part) {
      case "callee" -> relay.callees().put(topic, this);
      case "caller" -> {
        RelayGuest callee = relay.callees().get(topic);
        if (callee == null) {
          wire().close();
          return;
        }
        partner = callee;
        callee.lane.run(() -> callee.partner = this);
      }
      case "subscriber" -> lane.subscribe(topic, wire());
      case "publisher" -> {}
      default -> {
        wire().close();
        return;
      }
    }
    wire().send(Unpooled.wrappedBuffer(words.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void onEnd(String why) {
    relay.callees().remove(topic, this);
    lane.unsubscribe(topic, wire());
  }
}
