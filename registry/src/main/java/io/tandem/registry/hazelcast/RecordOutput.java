package io.tandem.registry.hazelcast;

import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Writes the fields of a shared record, see {@link RecordInput} for what they look like. */
final class RecordOutput {

  private final ByteSink sink = new ByteSink(64);
  private final FieldWriter out = new FieldWriter(sink);

  RecordOutput octet(int value) {
    sink.write(value);
    return this;
  }

  /** A number that is small as a rule: seven bits an octet, the lowest first. */
  RecordOutput number(long value) {
    out.number(value);
    return this;
  }

  /** Any 64 bits. */
  RecordOutput bits(long value) {
    out.bits(value);
    return this;
  }

  /** Seconds since 1970, and nanoseconds. */
  RecordOutput instant(Instant value) {
    long seconds = value.getEpochSecond();
    return bits(seconds).number(value.getNano());
  }

  /**
   * A string. Two strings never become the same octets.
   *
   * @throws IllegalArgumentException when it has half a surrogate pair
   */
  RecordOutput text(String value) {
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
      out.slice(utf8.array(), utf8.arrayOffset(), utf8.remaining());
      return this;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not a Unicode string", e);
    }
  }

  /** Octets whose number the reader is told. */
  RecordOutput block(byte[] octets) {
    return number(octets.length).raw(octets);
  }

  RecordOutput raw(byte[] octets) {
    sink.write(octets, 0, octets.length);
    return this;
  }

  byte[] toByteArray() {
    return sink.toByteArray();
  }
}
