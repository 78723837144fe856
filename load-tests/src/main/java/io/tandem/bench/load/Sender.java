package io.tandem.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.bench.wire.Wire;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.id.RequestIds;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends CALLs or PUBLISHes, one when it is told to. Belongs to its lane. */
final class Sender {

  private final GeneratorLane lane;
  private final LoadPlan plan;
  private final String uri;
  private final Payload payload;
  private final RequestIds requests = new RequestIds();
  private final ByteSink sink = new ByteSink();
  private final Stamp stamp = new Stamp();
  private @Nullable Wire wire;

  Sender(GeneratorLane lane, LoadPlan plan, String uri) {
    this.lane = lane;
    this.plan = plan;
    this.uri = uri;
    this.payload =
        Payload.encode(plan.serializer(), List.of(Stamp.payload(plan.payloadBytes())), Map.of());
  }

  /** From now on messages leave on this wire. */
  void use(Wire opened) {
    wire = opened;
    lane.add(this);
  }

  /** Sends the next message, which was meant to leave at that time. */
  void send(long intended) {
    Wire open = wire;
    if (open == null || lane.isStopped()) {
      return;
    }
    long request = requests.next();
    WampMessage message =
        plan.kind() == LoadPlan.Kind.RPC
            ? new Call(request, Options.EMPTY, uri, payload)
            : new Publish(request, Options.EMPTY, uri, payload);
    encode(message, plan.serializer(), sink);
    stamp.write(sink.array(), sink.length(), intended);
    ByteBuf encoded = Unpooled.wrappedBuffer(sink.array(), 0, sink.length());
    open.send(encoded);
    lane.meter().sent(intended, lane.now());
  }

  /** In a closed loop the next message follows the one that is done. Any thread. */
  void done() {
    if (plan.isClosedLoop()) {
      if (lane.flusher().eventLoop().inEventLoop()) {
        send(lane.now());
      } else {
        lane.execute(() -> send(lane.now()));
      }
    }
  }

  static void encode(WampMessage message, Serializer serializer, ByteSink sink) {
    sink.reset();
    try {
      MessageEncoder.encode(message, serializer, sink);
    } catch (UntranslatableException impossible) {
      throw new IllegalStateException("a payload of the connection's own serializer", impossible);
    }
  }
}
