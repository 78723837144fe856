package io.tandem.cluster.wire.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the event bus on a connection that came in, and lets through what a node sends: its
 * pings, and frames for this node, none of them longer than a frame may be. Without it the bus
 * would wait for messages of any length, look for any address, and read octets by any codec. A
 * connection that brings anything else is closed.
 *
 * <p>A node has one way to another for each stream. When it begins a new one, the bus keeps the
 * connection that it had before; here it is closed.
 */
final class BusGate extends LengthFieldBasedFrameDecoder {

  /** Before each message of the bus. */
  private static final int LENGTH_OCTETS = 4;

  /** What the bus says of a message before its body: names of 100 characters, and some numbers. */
  private static final int ENVELOPE_OCTETS = 512;

  /** A slash and the number of a stream. */
  private static final int LONGEST_STREAM = 3;

  private static final int PROTOCOL = 2;
  private static final byte PING = 1;
  private static final byte OCTETS = 12;
  private static final byte SEND = 0;
  private static final int NO_HEADERS = 4;

  private final byte[] address;
  private final ConcurrentMap<String, Channel> newest;
  private @Nullable String way;

  /**
   * @param address where this node listens
   * @param newest the newest connection of each stream, by the name of the node that it comes from
   *     and the address here; shared by all gates of the node
   * @param frameOctets the longest frame taken
   */
  BusGate(String address, ConcurrentMap<String, Channel> newest, int frameOctets) {
    super(frameOctets + ENVELOPE_OCTETS, 0, LENGTH_OCTETS);
    this.address = address.getBytes(UTF_8);
    this.newest = newest;
  }

  @Override
  protected @Nullable Object decode(ChannelHandlerContext context, ByteBuf in) throws Exception {
    ByteBuf message = (ByteBuf) super.decode(context, in);
    if (message != null) {
      try {
        check(context.channel(), message.duplicate());
      } catch (RuntimeException refused) {
        message.release();
        throw refused;
      }
    }
    return message;
  }

  /** The layout is that of the bus: what its {@code ClusteredMessage} reads. */
  private void check(Channel channel, ByteBuf message) {
    message.skipBytes(LENGTH_OCTETS);
    require(message.readUnsignedByte() <= PROTOCOL);
    byte codec = message.readByte();
    require(codec == PING || codec == OCTETS);
    require(message.readByte() == SEND);
    ByteBuf to = text(message);
    require(codec == PING || isForThisNode(to));
    require(message.readInt() == 0); // nothing is answered
    ByteBuf from = text(message);
    require(message.readInt() == NO_HEADERS);
    if (codec == OCTETS) {
      require(message.readInt() == message.readableBytes());
      if (way == null) {
        begin(channel, from.toString(UTF_8) + ' ' + to.toString(UTF_8));
      }
    }
  }

  private static ByteBuf text(ByteBuf message) {
    return message.readSlice(message.readInt());
  }

  private boolean isForThisNode(ByteBuf to) {
    int behind = to.readableBytes() - address.length;
    if (behind < 0 || behind == 1 || behind > LONGEST_STREAM) {
      return false;
    }
    for (int i = 0; i < address.length; i++) {
      if (to.getByte(to.readerIndex() + i) != address[i]) {
        return false;
      }
    }
    return behind == 0 || to.getByte(to.readerIndex() + address.length) == '/';
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new CorruptedFrameException("no message of a node");
    }
  }

  private void begin(Channel channel, String fromAndTo) {
    way = fromAndTo;
    Channel before = newest.put(fromAndTo, channel);
    if (before != null) {
      before.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (way != null) {
      newest.remove(way, context.channel());
    }
    super.channelInactive(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
