package io.tandem.protocol.wire;

import java.util.Arrays;

/**
 * A byte array that grows as it is written to, up to the largest array there is. Belongs to one
 * thread; {@link #reset} keeps the array for the next message.
 */
public final class ByteSink {

  private final int usual;
  private byte[] array;
  private int length;

  public ByteSink() {
    this(256);
  }

  public ByteSink(int capacity) {
    usual = capacity;
    array = new byte[capacity];
  }

  /** The array written to, valid up to {@link #length}; replaced when it has to grow. */
  public byte[] array() {
    return array;
  }

  /** Octets written since the last {@link #reset}. */
  public int length() {
    return length;
  }

  /** Forgets what was written. */
  public void reset() {
    length = 0;
  }

  /** Forgets what was written, and the array as well if that has more than {@code kept} octets. */
  public void reset(int kept) {
    length = 0;
    if (array.length > kept) {
      array = new byte[usual];
    }
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(array, length);
  }

  /** Appends the low octet. */
  public void write(int octet) {
    ensure(1);
    array[length++] = (byte) octet;
  }

  public void write(byte[] bytes, int offset, int count) {
    ensure(count);
    System.arraycopy(bytes, offset, array, length, count);
    length += count;
  }

  /** Appends the low {@code octets} octets of the number, big-endian. */
  void writeNumber(long number, int octets) {
    ensure(octets);
    for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) {
      array[length++] = (byte) (number >>> shift);
    }
  }

  /** Makes room for {@code count} octets at {@code position}, moving what follows. */
  void insert(int position, int count) {
    ensure(count);
    System.arraycopy(array, position, array, position + count, length - position);
    length += count;
  }

  /** Forgets everything from this length on. */
  public void truncate(int newLength) {
    length = newLength;
  }

  /** Room for {@code count} more octets: write them to {@link #array} and then {@link #advance}. */
  void ensure(int count) {
    int needed = Math.addExact(length, count);
    if (needed > array.length) {
      long doubled = Math.max(64L, array.length * 2L);
      array = Arrays.copyOf(array, (int) Math.max(needed, Math.min(doubled, MAX_ARRAY)));
    }
  }

  void advance(int count) {
    length += count;
  }

  private static final long MAX_ARRAY = Integer.MAX_VALUE - 8;
}
