package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.Serializer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * permessage-deflate (RFC 7692) for all clients of a lane. No message refers to an earlier one, in
 * either direction: so clients have no memory of their own for it, and what is compressed for one
 * is the same for all. Belongs to its lane's event loop.
 */
final class Compression {

  /** Below this a message is not worth the work, in octets. */
  static final int LEAST_SIZE = 1 << 10;

  /** What is granted to whom asks for it. */
  static final String GRANTED =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  private static final String NAME = "permessage-deflate";
  private static final String OUR_WINDOW = "server_max_window_bits";

  /** The only one that the JDK has. */
  private static final String WINDOW = "15";

  /** Parameters of an offer that ask for what is so anyway, or leave a choice to the server. */
  private static final Set<String> HARMLESS =
      Set.of("server_no_context_takeover", "client_no_context_takeover", "client_max_window_bits");

  /** Ends what is flushed, and is left out of a message. */
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  private static final int KEPT_BUFFER = 1 << 20;
  private static final int CHUNK = 16 << 10;

  private final byte[] chunk = new byte[CHUNK];
  private byte[] deflated = new byte[0];
  private @Nullable Deflater deflater;
  private @Nullable Inflater inflater;

  /** What a client has sent is longer than it may be when it is inflated. */
  static final class TooLongException extends Exception {
    private static final long serialVersionUID = 1;

    private TooLongException() {
      super("longer than it may be", null, false, false);
    }
  }

  /**
   * What the server says to the client's offers; null where it accepts none (RFC 7692, 5.1).
   *
   * @param offers the elements of Sec-WebSocket-Extensions
   */
  static @Nullable String accept(Stream<String> offers) {
    return offers
        .map(Compression::answer)
        .filter(answer -> !answer.isEmpty())
        .findFirst()
        .orElse(null);
  }

  private static String answer(String offer) {
    String[] parts = offer.split(";", -1);
    if (!parts[0].strip().equals(NAME)) {
      return "";
    }
    String answer = GRANTED;
    Set<String> seen = new HashSet<>();
    for (String part : List.of(parts).subList(1, parts.length)) {
      String[] pair = part.strip().split("=", 2);
      String name = pair[0].strip();
      if (!seen.add(name)) {
        return "";
      }
      if (name.equals(OUR_WINDOW) && pair.length == 2 && isWidest(pair[1])) {
        answer += "; " + OUR_WINDOW + "=" + WINDOW;
      } else if (!HARMLESS.contains(name)
          || (pair.length == 2 && !name.equals("client_max_window_bits"))) {
        return "";
      }
    }
    return answer;
  }

  private static boolean isWidest(String value) {
    return value.strip().replace("\"", "").equals(WINDOW);
  }

  // ---- out ----

  /** The message as a compressed frame; null where that would not be shorter. */
  @Nullable ByteBuf frame(ByteBufAllocator allocator, Serializer serializer, ByteSink message) {
    int length = message.length();
    if (length < LEAST_SIZE) {
      return null;
    }
    if (deflater == null) {
      deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    }
    byte[] out = deflated.length < length ? new byte[length] : deflated;
    deflater.reset();
    deflater.setInput(message.array(), 0, length);
    int size = deflater.deflate(out, 0, length, Deflater.SYNC_FLUSH);
    deflated = out.length > KEPT_BUFFER ? new byte[0] : out;
    if (size == length) {
      return null;
    }
    int payload = size - TAIL.length;
    int whole = Framing.DEFLATED.overhead(serializer, payload) + payload;
    ByteBuf frame = allocator.directBuffer(whole, whole);
    Framing.DEFLATED.header(frame, serializer, payload);
    frame.setByte(0, frame.getByte(0) | Framing.COMPRESSED);
    return frame.writeBytes(out, 0, payload);
  }

  // ---- in ----

  /**
   * The message that was compressed, in a buffer that is the caller's.
   *
   * @param limit octets that it may have
   * @param work told of octets as they come out
   * @throws TooLongException where it has more, of which no more than the limit is made
   * @throws DataFormatException where this is no compressed message
   */
  ByteBuf inflate(ByteBufAllocator allocator, ByteBuf message, int limit, IntConsumer work)
      throws TooLongException, DataFormatException {
    if (inflater == null) {
      inflater = new Inflater(true);
    }
    inflater.reset();
    byte[] octets = new byte[message.readableBytes()];
    message.getBytes(message.readerIndex(), octets);
    ByteBuf whole = allocator.buffer(Math.min(limit, Math.max(CHUNK, 2 * octets.length)));
    try {
      inflate(inflater, octets, whole, limit, work);
      inflate(inflater, TAIL, whole, limit, work);
    } catch (TooLongException | DataFormatException broken) {
      whole.release();
      throw broken;
    }
    return whole;
  }

  private void inflate(Inflater from, byte[] octets, ByteBuf whole, int limit, IntConsumer work)
      throws TooLongException, DataFormatException {
    from.setInput(octets);
    while (!from.finished()) {
      int length = from.inflate(chunk);
      if (length == 0) {
        if (from.needsDictionary()) {
          throw new DataFormatException("there is no dictionary");
        }
        return; // all is taken
      }
      if (whole.readableBytes() + length > limit) {
        throw new TooLongException();
      }
      whole.writeBytes(chunk, 0, length);
      work.accept(length);
    }
  }
}
