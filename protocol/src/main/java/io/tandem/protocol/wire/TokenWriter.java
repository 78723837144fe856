package io.tandem.protocol.wire;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Puts tokens into bytes, in the shortest form and always with definite lengths (SER-04). It
 * believes its caller: every container is closed, every key has a value, announced counts are true,
 * text is UTF-8. Belongs to one thread.
 */
public abstract sealed class TokenWriter permits JsonWriter, BinaryWriter {

  /** The count of a container whose elements are not known in advance. */
  public static final int UNKNOWN = -1;

  final ByteSink out;

  TokenWriter(ByteSink out) {
    this.out = out;
  }

  /** A writer that appends to {@code out}. */
  public static TokenWriter of(Serializer serializer, ByteSink out) {
    return switch (serializer) {
      case JSON -> new JsonWriter(out);
      case MSGPACK -> new MsgpackWriter(out);
      case CBOR -> new CborWriter(out);
    };
  }

  /** Opens a list of this many elements, or of {@link #UNKNOWN}. */
  public abstract void beginList(int count);

  public abstract void endList();

  /** Opens a map of this many entries, or of {@link #UNKNOWN}. */
  public abstract void beginMap(int count);

  public abstract void endMap();

  /** The key of the next entry. */
  public abstract void key(byte[] utf8, int from, int to);

  public final void key(String key) {
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    key(utf8, 0, utf8.length);
  }

  public abstract void nul();

  public abstract void bool(boolean value);

  public abstract void integer(long value);

  public abstract void bigInteger(BigInteger value) throws UntranslatableException;

  public abstract void real(double value) throws UntranslatableException;

  /** Text, as UTF-8. */
  public abstract void text(byte[] utf8, int from, int to) throws UntranslatableException;

  public final void text(String text) throws UntranslatableException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    text(utf8, 0, utf8.length);
  }

  public abstract void binary(byte[] octets, int from, int to);

  /**
   * Appends what is already in this serializer's form: so many whole elements of the current list,
   * or none for a piece that another one follows.
   */
  public abstract void raw(byte[] bytes, int from, int to, int elements);
}
