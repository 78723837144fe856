package io.tandem.bench.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The time at which a message was meant to leave, inside its payload: a mark and 16 hexadecimal
 * digits, which every serializer carries as they are. Found by its distance from the message's end,
 * which is the same for all messages on a connection. An object belongs to one connection.
 */
final class Stamp {

  /** Octets of a payload that the stamp takes. */
  static final int LENGTH = 20;

  /** No stamp in the message. */
  static final long ABSENT = -1;

  private static final byte[] MARK = "@at=".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** From the mark to the end of the message; 0 before the first. */
  private int distance;

  /** A text of {@code length} octets that begins with a stamp of zero. */
  static String payload(int length) {
    return new String(MARK, StandardCharsets.US_ASCII)
        + "0".repeat(LENGTH - MARK.length)
        + "x".repeat(length - LENGTH);
  }

  /** Sets the time, 0 or more, in the stamp of an encoded message. */
  void write(byte[] message, int length, long time) {
    int start = length - distance;
    if (distance == 0 || !isMark(message, start)) {
      start = find(message, length);
      distance = length - start;
    }
    int digit = start + LENGTH;
    for (long rest = time; digit > start + MARK.length; rest >>>= 4) {
      message[--digit] = DIGITS[(int) (rest & 0xF)];
    }
  }

  private static boolean isMark(byte[] message, int start) {
    return start >= 0
        && message[start] == MARK[0]
        && message[start + 1] == MARK[1]
        && message[start + 2] == MARK[2]
        && message[start + 3] == MARK[3];
  }

  private static int find(byte[] message, int length) {
    for (int start = length - LENGTH; start >= 0; start--) {
      if (isMark(message, start)) {
        return start;
      }
    }
    throw new IllegalArgumentException("no stamp in the payload");
  }

  /** The time in the message, or {@link #ABSENT}. */
  long read(ByteBuf message) {
    int start = message.writerIndex() - distance;
    if (distance == 0 || !isMark(message, start)) {
      start = find(message);
      if (start < 0) {
        return ABSENT;
      }
      distance = message.writerIndex() - start;
    }
    long time = 0;
    for (int digit = start + MARK.length; digit < start + LENGTH; digit++) {
      time = time << 4 | Character.digit(message.getByte(digit), 16);
    }
    return time;
  }

  private static boolean isMark(ByteBuf message, int start) {
    return start >= message.readerIndex()
        && message.getByte(start) == MARK[0]
        && message.getByte(start + 1) == MARK[1]
        && message.getByte(start + 2) == MARK[2]
        && message.getByte(start + 3) == MARK[3];
  }

  private static int find(ByteBuf message) {
    for (int start = message.writerIndex() - LENGTH; start >= message.readerIndex(); start--) {
      if (isMark(message, start)) {
        return start;
      }
    }
    return -1;
  }
}
