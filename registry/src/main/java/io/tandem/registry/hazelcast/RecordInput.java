package io.tandem.registry.hazelcast;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Reads the fields of a shared record in the order in which they were written. A field has no name
 * and no tag: a later release may only append fields, and what an earlier one leaves unread is
 * {@link #rest}.
 *
 * <p>All methods throw {@link IllegalArgumentException} when the octets end too early.
 */
final class RecordInput {

  private final byte[] octets;
  private int position;

  RecordInput(byte[] octets) {
    this.octets = octets;
  }

  int octet() {
    if (position == octets.length) {
      throw new IllegalArgumentException("a shared record ends too early");
    }
    return octets[position++] & 0xFF;
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int octet = octet();
      value |= (octet & 0x7FL) << shift;
      if (octet < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number in a shared record does not end");
  }

  long bits() {
    long value = 0;
    for (int count = 0; count < Long.BYTES; count++) {
      value = value << 8 | octet();
    }
    return value;
  }

  Instant instant() {
    long seconds = bits();
    return Instant.ofEpochSecond(seconds, number());
  }

  String text() {
    return new String(block(), StandardCharsets.UTF_8);
  }

  byte[] block() {
    return take(number());
  }

  /** How many parts follow, each at least one octet long. */
  int count() {
    long count = number();
    if (count < 0 || count > octets.length - position) {
      throw new IllegalArgumentException("a shared record ends too early");
    }
    return (int) count;
  }

  /** Everything not read yet: fields of a later release. */
  byte[] rest() {
    return take(octets.length - position);
  }

  private byte[] take(long length) {
    if (length < 0 || length > octets.length - position) {
      throw new IllegalArgumentException("a shared record ends too early");
    }
    int start = position;
    position += (int) length;
    return Arrays.copyOfRange(octets, start, position);
  }
}
