package io.tandem.protocol.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The application's part of a message, Arguments and ArgumentsKw, as an undecoded slice of the
 * bytes it arrived in (SER-07). The router forwards it untouched to receivers of the same
 * serializer. Immutable: nobody writes to the bytes after construction.
 */
public final class Payload {

  /** Which elements the slice holds. */
  public enum Shape {
    /** None: neither Arguments nor ArgumentsKw, or only empty ones (MSG-08). */
    EMPTY(0),
    /** Arguments alone. */
    ARGS(1),
    /** Arguments, perhaps empty, and ArgumentsKw. */
    ARGS_KWARGS(2),
    /** One binary value in the place of Arguments: legacy payload transparency (PPT-12). */
    BINARY(1);

    private final int elements;

    Shape(int elements) {
      this.elements = elements;
    }

    /** How many elements of the message's list the slice makes up. */
    public int elements() {
      return elements;
    }
  }

  private static final byte[] NO_BYTES = new byte[0];

  /** No arguments at all. */
  public static final Payload EMPTY = new Payload(Serializer.JSON, Shape.EMPTY, NO_BYTES, 0, 0);

  private final Serializer serializer;
  private final Shape shape;
  private final byte[] bytes;
  private final int offset;
  private final int length;

  private Payload(Serializer serializer, Shape shape, byte[] bytes, int offset, int length) {
    this.serializer = serializer;
    this.shape = shape;
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  /**
   * A slice of well-formed elements of {@code serializer}: adjacent, and in JSON separated by a
   * comma. The caller has checked them and gives up the right to change the bytes.
   */
  public static Payload slice(
      Serializer serializer, Shape shape, byte[] bytes, int offset, int length) {
    return shape == Shape.EMPTY ? EMPTY : new Payload(serializer, shape, bytes, offset, length);
  }

  public Serializer serializer() {
    return serializer;
  }

  public Shape shape() {
    return shape;
  }

  /** The array that holds the slice; read only. */
  public byte[] bytes() {
    return bytes;
  }

  public int offset() {
    return offset;
  }

  /** Octets of the slice in its own serializer. */
  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return shape == Shape.EMPTY;
  }

  /** Encodes Java values. */
  public static Payload encode(Serializer serializer, List<?> args, Map<String, ?> kwargs) {
    return EMPTY;
  }

  /** Arguments as Java values. */
  public List<@Nullable Object> args() {
    return List.of();
  }

  /** ArgumentsKw as Java values. */
  public Map<String, @Nullable Object> kwargs() {
    return Map.of();
  }

  /** This payload in another serializer. */
  public Payload as(Serializer target) throws UntranslatableException {
    if (target == serializer || shape == Shape.EMPTY) {
      return this;
    }
    throw new UntranslatableException("");
  }
}
