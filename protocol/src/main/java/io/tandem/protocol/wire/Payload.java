package io.tandem.protocol.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The application's part of a message, Arguments and ArgumentsKw, as an undecoded slice of the
 * bytes it arrived in (SER-07). The router forwards it untouched to receivers of the same
 * serializer. Immutable, for any thread: nobody writes to the bytes after construction.
 *
 * <p>A key that a stranger wrote twice into a map of his arguments is forwarded twice, since nobody
 * looks; who decodes it sees the last one.
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

  /** What {@link #as} found out about one serializer: a Payload or an UntranslatableException. */
  private record Translation(Serializer target, Object result, @Nullable Translation next) {}

  /**
   * Lanes share payloads and race for this list without harm: its entries are immutable, and a lost
   * one is only computed again.
   */
  private @Nullable Translation translations;

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

  /**
   * Encodes Java values: null, Boolean, Long and shorter, BigInteger, Double, Float, String,
   * byte[], List, and Map with String keys.
   *
   * @throws IllegalArgumentException for a value of another type, or one this serializer lacks
   */
  public static Payload encode(Serializer serializer, List<?> args, Map<String, ?> kwargs) {
    try {
      return written(serializer, args, kwargs);
    } catch (UntranslatableException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Encodes the same values in JSON, which most read; or in CBOR where JSON lacks one, such as text
   * that begins with U+0000, which clients may send.
   *
   * @throws IllegalArgumentException for a value of another type
   */
  public static Payload encode(List<?> args, Map<String, ?> kwargs) {
    try {
      return written(Serializer.JSON, args, kwargs);
    } catch (UntranslatableException lacking) {
      return encode(Serializer.CBOR, args, kwargs);
    }
  }

  private static Payload written(Serializer serializer, List<?> args, Map<String, ?> kwargs)
      throws UntranslatableException {
    if (args.isEmpty() && kwargs.isEmpty()) {
      return EMPTY;
    }
    ByteSink out = new ByteSink();
    TokenWriter writer = TokenWriter.of(serializer, out);
    JavaValues.write(writer, args);
    if (!kwargs.isEmpty()) {
      JavaValues.write(writer, kwargs);
    }
    Shape shape = kwargs.isEmpty() ? Shape.ARGS : Shape.ARGS_KWARGS;
    return new Payload(serializer, shape, out.array(), 0, out.length());
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

  /**
   * Octets that are kept as long as this is, those of what it is a slice of: seldom more than twice
   * its own.
   */
  public int kept() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return shape == Shape.EMPTY;
  }

  /**
   * Arguments as Java values: null, Boolean, Long, BigInteger, Double, String, byte[], List, Map.
   * Of {@link Shape#BINARY} the one value. Decoded anew by each call.
   */
  public List<@Nullable Object> args() {
    return switch (shape) {
      case EMPTY -> List.of();
      case BINARY -> Arrays.asList(element(0));
      case ARGS, ARGS_KWARGS -> list(element(0));
    };
  }

  /** ArgumentsKw as Java values, like {@link #args}. */
  public Map<String, @Nullable Object> kwargs() {
    return shape == Shape.ARGS_KWARGS ? map(element(1)) : Map.of();
  }

  @SuppressWarnings("unchecked") // what stands in the place of Arguments was checked to be a list
  private static List<@Nullable Object> list(@Nullable Object value) {
    return value instanceof List<?> list ? (List<@Nullable Object>) list : new ArrayList<>();
  }

  @SuppressWarnings("unchecked") // keys are always strings
  private static Map<String, @Nullable Object> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
  }

  private @Nullable Object element(int index) {
    TokenReader in = TokenReader.of(serializer, DecodeLimits.CHECKED);
    in.reset(bytes, offset, length);
    try {
      for (int i = 0; i < index; i++) {
        in.next();
        in.skipRest();
        in.separator();
      }
      in.next();
      return JavaValues.read(in);
    } catch (MalformedException e) {
      throw uncheckedSlice(e);
    }
  }

  /**
   * This payload for receivers of another serializer: transcoded once, then remembered. For the
   * same serializer, this very object.
   *
   * @throws UntranslatableException if it holds something the other cannot carry (SER-09)
   */
  public Payload as(Serializer target) throws UntranslatableException {
    if (target == serializer || shape == Shape.EMPTY) {
      return this;
    }
    Object result = translation(target).result();
    if (result instanceof UntranslatableException failure) {
      throw failure;
    }
    return (Payload) result;
  }

  private Translation translation(Serializer target) {
    Translation known = translations;
    for (Translation each = known; each != null; each = each.next()) {
      if (each.target() == target) {
        return each;
      }
    }
    Translation found = new Translation(target, translate(target), known);
    translations = found;
    return found;
  }

  private Object translate(Serializer target) {
    try {
      return Transcoder.translate(TokenReader.of(serializer, DecodeLimits.CHECKED), this, target);
    } catch (UntranslatableException e) {
      return e;
    } catch (MalformedException e) {
      throw uncheckedSlice(e);
    }
  }

  private static IllegalStateException uncheckedSlice(MalformedException e) {
    return new IllegalStateException("a payload slice was not checked when it was made", e);
  }

  @Override
  public String toString() {
    return shape + " of " + length + " octets " + serializer;
  }
}
