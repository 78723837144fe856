package io.tandem.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tandem.bench.wire.Wire;
import io.tandem.bench.wire.Wire.Receiver;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;

/**
 * Answers each INVOCATION with a YIELD of its arguments, and each CALL as well, which is what a
 * relay brings. Belongs to its lane.
 */
final class EchoingCallee implements Receiver {

  private final Wire wire;
  private final Serializer serializer;
  private final Inbox inbox;
  private final MessageDecoder decoder;
  private final ByteSink sink = new ByteSink();

  EchoingCallee(Wire wire, Serializer serializer, Inbox inbox) {
    this.wire = wire;
    this.serializer = serializer;
    this.inbox = inbox;
    this.decoder = new MessageDecoder(serializer, DecodeLimits.DEFAULT);
  }

  @Override
  public void onMessage(ByteBuf message) {
    byte[] bytes = ByteBufUtil.getBytes(message);
    WampMessage decoded;
    try {
      decoded = decoder.decode(bytes, 0, bytes.length);
    } catch (ProtocolViolation violation) {
      inbox.onEnd("the router sent no WAMP message: " + violation.getMessage());
      return;
    }
    if (decoded instanceof Invocation invocation) {
      answer(invocation.request(), invocation.payload());
    } else if (decoded instanceof Call call) {
      answer(call.request(), call.payload());
    } else {
      inbox.onMessage(message);
    }
  }

  private void answer(long request, Payload payload) {
    Sender.encode(new Yield(request, Options.EMPTY, payload), serializer, sink);
    wire.send(Unpooled.wrappedBuffer(sink.array(), 0, sink.length()));
  }

  @Override
  public void onEnd(String why) {
    inbox.onEnd(why);
  }
}
