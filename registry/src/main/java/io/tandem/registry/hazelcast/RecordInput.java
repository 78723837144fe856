package io.tandem.registry.hazelcast;

import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Reads the fields of a shared record in the order in which they were written. A field has no name
 * and no tag: a later release may only append fields, and what an earlier one leaves unread is
 * {@link #rest}.
 *
 * <p>All methods throw {@link IllegalArgumentException} when the octets end too early or make no
 * field: a record comes from a node of this cluster, so that is a defect and no stranger's doing.
 */
final class RecordInput {

  private final FieldReader in;

  RecordInput(byte[] octets) {
    in = new FieldReader(octets, 0, octets.length);
  }

  private interface Field<T> {
    T read(FieldReader in) throws MalformedException;
  }

  private <T> T field(Field<T> field) {
    try {
      return field.read(in);
    } catch (MalformedException e) {
      throw new IllegalArgumentException("a shared record: " + e.getMessage(), e);
    }
  }

  int octet() {
    return field(FieldReader::octet);
  }

  long number() {
    return field(FieldReader::number);
  }

  long bits() {
    return field(FieldReader::bits);
  }

  Instant instant() {
    long seconds = bits();
    return Instant.ofEpochSecond(seconds, number());
  }

  String text() {
    return new String(block(), StandardCharsets.UTF_8);
  }

  byte[] block() {
    return octets(field(FieldReader::slice));
  }

  /** How many parts follow, each at least one octet long. */
  int count() {
    return field(FieldReader::count);
  }

  /** Whether nothing is left to read: a field that an earlier writer did not know is not there. */
  boolean isAtEnd() {
    return in.atEnd();
  }

  /** Everything not read yet: fields of a later release. */
  byte[] rest() {
    return octets(in);
  }

  private static byte[] octets(FieldReader piece) {
    int start = piece.position();
    return Arrays.copyOfRange(piece.bytes(), start, start + piece.remaining());
  }
}
