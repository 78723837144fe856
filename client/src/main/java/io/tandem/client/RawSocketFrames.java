package io.tandem.client;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of octets into RawSocket frames. A frame announced larger than the limit is a
 * violation at once: nothing of it is kept (RS-04).
 */
final class RawSocketFrames implements Handler<Buffer> {

  /** What a frame carries. */
  enum Kind {
    MESSAGE(0),
    PING(1),
    PONG(2);

    private final int type;

    Kind(int type) {
      this.type = type;
    }

    /** The kind with this type on the wire, or null for the reserved ones. */
    private static @Nullable Kind of(int type) {
      return switch (type) {
        case 0 -> MESSAGE;
        case 1 -> PING;
        case 2 -> PONG;
        default -> null;
      };
    }
  }

  /** Where frames go. */
  interface Sink {
    void onFrame(Kind kind, byte[] payload);

    /** The stream is not RawSocket (RS-08); no frame follows. */
    void onViolation(String reason);
  }

  private static final int PREFIX = 4;

  private final int limit;
  private final Sink sink;
  private final RecordParser parser;

  /** The kind of the frame whose payload is awaited; null while a prefix is. */
  private @Nullable Kind open;

  private boolean violated;

  RawSocketFrames(int limit, Sink sink) {
    this.limit = limit;
    this.sink = sink;
    this.parser = RecordParser.newFixed(PREFIX);
    parser.handler(this::onRecord);
  }

  @Override
  public void handle(Buffer octets) {
    if (!violated && octets.length() > 0) {
      parser.handle(octets);
    }
  }

  private void onRecord(Buffer octets) {
    if (violated) {
      return;
    }
    if (open == null) {
      onPrefix(octets.getInt(0));
    } else {
      Kind complete = open;
      open = null;
      parser.fixedSizeMode(PREFIX);
      sink.onFrame(complete, octets.getBytes());
    }
  }

  /** Bits 31 to 28 reserved, 27 for a length of 2^24, 26 to 24 the type, the rest the length. */
  private void onPrefix(int prefix) {
    Kind kind = Kind.of(prefix >>> 24 & 0x07);
    boolean full = (prefix & 0x0800_0000) != 0;
    int length = full ? 1 << 24 : prefix & 0x00FF_FFFF;
    if (prefix >>> 28 != 0 || kind == null) {
      violation("reserved bits in a RawSocket frame");
    } else if (full && (prefix & 0x00FF_FFFF) != 0) {
      violation("a RawSocket frame longer than 2^24 octets");
    } else if (length > limit) {
      violation("a message of " + length + " octets, above the limit of " + limit);
    } else if (length == 0) {
      sink.onFrame(kind, new byte[0]);
    } else {
      open = kind;
      parser.fixedSizeMode(length);
    }
  }

  private void violation(String reason) {
    violated = true;
    sink.onViolation(reason);
  }

  /** One frame of up to 2^24 - 1 octets. */
  static Buffer frame(Kind kind, byte[] payload) {
    return Buffer.buffer(PREFIX + payload.length)
        .appendInt(kind.type << 24 | payload.length)
        .appendBytes(payload);
  }
}
