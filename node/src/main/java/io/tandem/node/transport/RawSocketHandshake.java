package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.HandshakeRefusal;
import io.tandem.protocol.wire.Serializer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake of RawSocket, four octets each way (RS-01 to RS-07).
 *
 * @param serializer what the client asked for
 * @param sendLimit the longest message that the client takes
 */
record RawSocketHandshake(Serializer serializer, int sendLimit) {

  static final int LENGTH = 4;
  static final int MAGIC = 0x7F;

  private static final int ERROR_SERIALIZER = 1;
  private static final int ERROR_LENGTH = 2;
  private static final int ERROR_RESERVED = 3;
  static final int ERROR_TOO_MANY = 4;

  /** A WELCOME fits into this; a client that takes less could never join. */
  private static final int USABLE_LIMIT = 1 << 10;

  /** A frame of 2^24 octets is never sent: old clients misread its prefix (RS-11). */
  private static final int LONGEST_SENT = (1 << 24) - 1;

  /**
   * Reads the client's request and answers it.
   *
   * @param told hears why the request is refused
   * @return null when the request was refused; the connection is closing then
   */
  static @Nullable RawSocketHandshake answer(
      ChannelHandlerContext context,
      ByteBuf request,
      ListenerConfig config,
      BiConsumer<HandshakeRefusal, String> told) {
    int second = request.getUnsignedByte(request.readerIndex() + 1);
    int reserved = request.getUnsignedShort(request.readerIndex() + 2);
    request.skipBytes(LENGTH);
    int number = second & 0xF;
    Serializer serializer = serializer(number);
    int sendLimit = Math.min(LONGEST_SENT, 1 << (9 + (second >>> 4)));
    if (reserved != 0) {
      told.accept(HandshakeRefusal.RESERVED, "reserved octets are set");
      refuse(context, ERROR_RESERVED);
    } else if (number == 0) {
      told.accept(HandshakeRefusal.SERIALIZER, "serializer 0 is none");
      context.close();
    } else if (serializer == null || !config.serializers().contains(serializer)) {
      told.accept(HandshakeRefusal.SERIALIZER, "serializer " + number + " is not offered");
      refuse(context, ERROR_SERIALIZER);
    } else if (sendLimit < USABLE_LIMIT) {
      told.accept(HandshakeRefusal.LENGTH, "a client that takes less than a WELCOME needs");
      refuse(context, ERROR_LENGTH);
    } else {
      int ours = 31 - Integer.numberOfLeadingZeros(receiveLimit(config)) - 9;
      reply(context, ours << 4 | number);
      return new RawSocketHandshake(serializer, sendLimit);
    }
    return null;
  }

  /** The largest power of two not above the listener's limit: what the handshake can announce. */
  static int receiveLimit(ListenerConfig config) {
    return Integer.highestOneBit(config.limits().maxMessageSize());
  }

  static void refuse(ChannelHandlerContext context, int error) {
    context.writeAndFlush(bytes(error << 4)).addListener(ChannelFutureListener.CLOSE);
  }

  private static void reply(ChannelHandlerContext context, int second) {
    context.writeAndFlush(bytes(second), context.voidPromise());
  }

  private static ByteBuf bytes(int second) {
    return Unpooled.wrappedBuffer(new byte[] {MAGIC, (byte) second, 0, 0});
  }

  private static @Nullable Serializer serializer(int number) {
    return switch (number) {
      case 1 -> Serializer.JSON;
      case 2 -> Serializer.MSGPACK;
      case 3 -> Serializer.CBOR;
      default -> null;
    };
  }
}
