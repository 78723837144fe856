package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.HandshakeRefusal;
import io.tandem.protocol.rawsocket.RawSocketHandshake;
import io.tandem.protocol.rawsocket.RawSocketHandshake.Refusal;
import io.tandem.protocol.wire.Serializer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a RawSocket's opening handshake came to (RS-01 to RS-07).
 *
 * @param serializer what the client asked for
 * @param sendLimit the longest message that the client takes
 */
record RawSocketOpening(Serializer serializer, int sendLimit) {

  /** A WELCOME fits into this; a client that takes less could never join. */
  private static final int USABLE_LIMIT = 1 << 10;

  /**
   * Reads the client's request and answers it.
   *
   * @param told hears why the request is refused
   * @return null when the request was refused; the connection is closing then
   */
  static @Nullable RawSocketOpening answer(
      ChannelHandlerContext context,
      ByteBuf request,
      ListenerConfig config,
      BiConsumer<HandshakeRefusal, String> told) {
    RawSocketHandshake asked = new RawSocketHandshake(request.readInt());
    int number = asked.serializerNumber();
    Serializer serializer = asked.serializer();
    int sendLimit = asked.sendLimit();
    if (asked.hasReservedOctets()) {
      told.accept(HandshakeRefusal.RESERVED, "reserved octets are set");
      refuse(context, Refusal.RESERVED);
    } else if (number == 0) {
      told.accept(HandshakeRefusal.SERIALIZER, "serializer 0 is none");
      context.close();
    } else if (serializer == null || !config.serializers().contains(serializer)) {
      told.accept(HandshakeRefusal.SERIALIZER, "serializer " + number + " is not offered");
      refuse(context, Refusal.SERIALIZER);
    } else if (sendLimit < USABLE_LIMIT) {
      told.accept(HandshakeRefusal.LENGTH, "a client that takes less than a WELCOME needs");
      refuse(context, Refusal.LENGTH);
    } else {
      RawSocketHandshake agreed =
          RawSocketHandshake.of(serializer, config.limits().maxMessageSize());
      context.writeAndFlush(octets(agreed), context.voidPromise());
      return new RawSocketOpening(serializer, sendLimit);
    }
    return null;
  }

  /** The largest power of two not above the listener's limit: what the handshake can announce. */
  static int receiveLimit(ListenerConfig config) {
    return Integer.highestOneBit(config.limits().maxMessageSize());
  }

  static void refuse(ChannelHandlerContext context, Refusal why) {
    context
        .writeAndFlush(octets(RawSocketHandshake.refusing(why)))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private static ByteBuf octets(RawSocketHandshake handshake) {
    return Unpooled.copyInt(handshake.octets());
  }
}
