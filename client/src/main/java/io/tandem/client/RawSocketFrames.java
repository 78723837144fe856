package io.tandem.client;

import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.FrameType;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of octets into RawSocket frames. A frame announced larger than the limit is a
 * violation at once: nothing of it is kept (RS-04).
 */
final class RawSocketFrames implements Handler<Buffer> {

  /** Where frames go. */
  interface Sink {
    void onFrame(FrameType type, byte[] payload);

    /** The stream is not RawSocket (RS-08); no frame follows. */
    void onViolation(String reason);
  }

  private final int limit;
  private final Sink sink;
  private final RecordParser parser;

  /** The type of the frame whose payload is awaited; null while a head is. */
  private @Nullable FrameType open;

  private boolean violated;

  RawSocketFrames(int limit, Sink sink) {
    this.limit = limit;
    this.sink = sink;
    this.parser = RecordParser.newFixed(FrameHead.LENGTH);
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
      onHead(octets.getInt(0));
    } else {
      FrameType complete = open;
      open = null;
      parser.fixedSizeMode(FrameHead.LENGTH);
      sink.onFrame(complete, octets.getBytes());
    }
  }

  private void onHead(int head) {
    if (!FrameHead.isValid(head)) {
      violation("octets that are no RawSocket frame");
      return;
    }
    FrameType type = FrameHead.type(head);
    int length = FrameHead.length(head);
    if (length > limit) {
      violation("a message of " + length + " octets, above the limit of " + limit);
    } else if (length == 0) {
      sink.onFrame(type, new byte[0]);
    } else {
      open = type;
      parser.fixedSizeMode(length);
    }
  }

  private void violation(String reason) {
    violated = true;
    sink.onViolation(reason);
  }

  /** One frame of up to 2^24 - 1 octets. */
  static Buffer frame(FrameType type, byte[] payload) {
    return Buffer.buffer(FrameHead.LENGTH + payload.length)
        .appendInt(FrameHead.of(type, payload.length))
        .appendBytes(payload);
  }
}
