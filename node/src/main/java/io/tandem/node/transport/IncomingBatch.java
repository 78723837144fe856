package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What is left of a batch that a client has sent: its messages come out one by one, as many in a
 * turn as the client may send. Belongs to its lane's event loop.
 */
final class IncomingBatch {

  private final boolean isText;
  private ByteBuf rest = Unpooled.EMPTY_BUFFER;

  /**
   * @param isText whether messages end with a separator, rather than begin with their length
   */
  IncomingBatch(boolean isText) {
    this.isText = isText;
  }

  /**
   * Takes a batch when nothing is left of the one before; the buffer stays the caller's too.
   *
   * @return false, and nothing taken, where it is no batch (BAT-05)
   */
  boolean begin(ByteBuf batch) {
    if (!(isText ? isSeparated(batch) : isCounted(batch))) {
      return false;
    }
    rest.release();
    rest = batch.retainedDuplicate();
    return true;
  }

  /** The last message ends, as those before it. */
  private static boolean isSeparated(ByteBuf batch) {
    return batch.isReadable() && isSeparator(batch.getByte(batch.writerIndex() - 1));
  }

  private static boolean isSeparator(byte octet) {
    return octet == Framing.SEPARATOR || octet == Framing.OTHER_SEPARATOR;
  }

  /** The lengths lead to the end. */
  private static boolean isCounted(ByteBuf batch) {
    int at = batch.readerIndex();
    int end = batch.writerIndex();
    while (end - at >= Integer.BYTES) {
      long next = at + Integer.BYTES + batch.getUnsignedInt(at);
      if (next > end) {
        return false;
      }
      at = (int) next;
    }
    return at == end && batch.isReadable();
  }

  /** How the client ends the first message in text: that is how it wants them (BAT-03). */
  Framing framing() {
    return isText && rest.getByte(rest.readerIndex() + firstLength()) == Framing.OTHER_SEPARATOR
        ? Framing.BATCHED_OTHERWISE
        : Framing.BATCHED;
  }

  private int firstLength() {
    return rest.forEachByte(octet -> !isSeparator(octet)) - rest.readerIndex();
  }

  boolean isEmpty() {
    return !rest.isReadable();
  }

  /** The next message, as a part of the batch's buffer. */
  private ByteBuf next() {
    if (!isText) {
      return rest.readSlice(rest.readInt());
    }
    ByteBuf message = rest.readSlice(firstLength());
    rest.skipBytes(1);
    return message;
  }

  /**
   * Hands messages on while they are taken; lets go of the buffer after the last one.
   *
   * @param take treats one message, which is there as long as it runs
   * @param mayReadOn asked before each
   */
  void read(Consumer<ByteBuf> take, BooleanSupplier mayReadOn) {
    while (!isEmpty() && mayReadOn.getAsBoolean()) {
      take.accept(next());
    }
    if (isEmpty()) {
      drop();
    }
  }

  /** Octets of the buffer that is kept for what is left. */
  long octets() {
    return rest.capacity();
  }

  void drop() {
    rest.release();
    rest = Unpooled.EMPTY_BUFFER;
  }
}
