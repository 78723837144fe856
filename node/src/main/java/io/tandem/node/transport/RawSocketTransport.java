package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.CloseCause;
import io.tandem.protocol.wire.Serializer;

/** WAMP over RawSocket, once its handshake is done: frames of a four octet prefix and a payload. */
final class RawSocketTransport extends ClientTransport {

  private static final int PREFIX = 4;
  private static final int MESSAGE = 0;
  private static final int PING = 1;
  private static final int PONG = 2;

  private final int receiveLimit;

  /**
   * What arrived and makes no whole frame yet; grows with what arrives, not with what is claimed.
   */
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;

  /** The channel has closed, and frames are left that came before. */
  private boolean ending;

  RawSocketTransport(
      LaneIo io, ListenerConfig config, Serializer serializer, int receiveLimit, int sendLimit) {
    super(io, config, Framing.RAWSOCKET, serializer);
    this.receiveLimit = receiveLimit;
    limitPeer(sendLimit);
  }

  @Override
  public void read(Object message) {
    ByteBuf arrived = (ByteBuf) message;
    if (isClosing()) {
      arrived.release();
      return;
    }
    pending = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx().alloc(), pending, arrived);
    readRest();
  }

  @Override
  public void readRest() {
    try {
      frames(pending);
    } finally {
      if (!pending.isReadable() || isClosing()) {
        dropBegun();
      } else {
        // Or a stream that is always cut inside a frame would make it grow for ever.
        pending.discardSomeReadBytes();
      }
    }
    if (ending && turns().mayReadOn()) {
      ending = false;
      ended();
    }
  }

  /** Treats whole frames, as many as a turn may. */
  private void frames(ByteBuf input) {
    while (input.readableBytes() >= PREFIX && turns().mayReadOn() && !isClosing()) {
      int prefix = input.getInt(input.readerIndex());
      int length = length(prefix);
      if (length < 0 || length > receiveLimit) {
        fail(length < 0 ? CloseCause.BAD_FRAME : CloseCause.MESSAGE_TOO_LONG);
        return;
      }
      if (input.readableBytes() - PREFIX < length) {
        return;
      }
      input.skipBytes(PREFIX);
      frame(type(prefix), input.readSlice(length));
    }
  }

  @Override
  void dropBegun() {
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
  }

  private static int type(int prefix) {
    return prefix >>> 24 & 0x7;
  }

  /** The payload's octets, or -1 where reserved bits or types are used (RS-08, RS-11). */
  private static int length(int prefix) {
    boolean isLongest = (prefix >>> 27 & 1) == 1;
    int length = prefix & 0xFF_FFFF;
    if (prefix >>> 28 != 0 || type(prefix) > PONG || (isLongest && length != 0)) {
      return -1;
    }
    return isLongest ? 1 << 24 : length;
  }

  private void frame(int type, ByteBuf payload) {
    int length = payload.readableBytes();
    if (type == MESSAGE) {
      turns().took();
      received(payload);
      return;
    }
    turns().tookControl(length);
    if (type == PING) {
      ByteBuf pong = ctx().alloc().buffer(PREFIX + length);
      answer(pong.writeInt(PONG << 24 | length).writeBytes(payload), PREFIX + length);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ending = !turns().mayReadOn();
    if (!ending) {
      ended();
    }
  }

  private void ended() {
    super.channelInactive(ctx());
  }

  @Override
  long begunOctets() {
    return pending.capacity();
  }

  @Override
  boolean isInsideMessage() {
    return pending.isReadable();
  }

  @Override
  boolean canPing() {
    return config.keepAlive().rawSocketPing();
  }

  @Override
  void ping() {
    control(ctx().alloc().buffer(PREFIX).writeInt(PING << 24));
  }

  /** RawSocket has no closing words: the end of the stream has to do. */
  @Override
  protected void sayClose(CloseCause why) {
    endAfter(Unpooled.EMPTY_BUFFER);
  }
}
