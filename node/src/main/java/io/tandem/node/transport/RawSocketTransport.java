package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.CloseCause;
import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.FrameType;
import io.tandem.protocol.wire.Serializer;

/** WAMP over RawSocket, once its handshake is done: frames of a four octet prefix and a payload. */
final class RawSocketTransport extends ClientTransport {

  private final int receiveLimit;

  /**
   * What arrived and makes no whole frame yet; grows with what arrives, not with what is claimed.
   */
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;

  /** The channel has closed, and frames are left that came before. */
  private boolean ending;

  RawSocketTransport(
      LaneIo io, ListenerConfig config, Serializer serializer, int receiveLimit, int sendLimit) {
    super(io, config, Framing.RAWSOCKET, serializer, null);
    this.receiveLimit = receiveLimit;
    queue().limitPeer(sendLimit);
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
    while (input.readableBytes() >= FrameHead.LENGTH && turns().mayReadOn() && !isClosing()) {
      int head = input.getInt(input.readerIndex());
      int length = FrameHead.length(head);
      if (!FrameHead.isValid(head) || length > receiveLimit) {
        fail(FrameHead.isValid(head) ? CloseCause.MESSAGE_TOO_LONG : CloseCause.BAD_FRAME);
        return;
      }
      if (input.readableBytes() - FrameHead.LENGTH < length) {
        return;
      }
      if (FrameHead.type(head) == FrameType.MESSAGE && !turns().mayTakeMessage()) {
        return;
      }
      input.skipBytes(FrameHead.LENGTH);
      frame(FrameHead.type(head), input.readSlice(length));
    }
  }

  @Override
  void dropBegun() {
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
  }

  private void frame(FrameType type, ByteBuf payload) {
    int length = payload.readableBytes();
    if (type == FrameType.MESSAGE) {
      turns().took();
      received(payload);
      return;
    }
    turns().tookControl(length);
    if (type == FrameType.PING) {
      ByteBuf pong = ctx().alloc().buffer(FrameHead.LENGTH + length);
      answer(
          pong.writeInt(FrameHead.of(FrameType.PONG, length)).writeBytes(payload),
          FrameHead.LENGTH + length);
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
  String wireName() {
    return "rawsocket";
  }

  @Override
  void ping() {
    control(ctx().alloc().buffer(FrameHead.LENGTH).writeInt(FrameHead.of(FrameType.PING, 0)));
  }

  /** RawSocket has no closing words: the end of the stream has to do. */
  @Override
  protected void sayClose(CloseCause why) {
    endAfter(Unpooled.EMPTY_BUFFER);
  }
}
