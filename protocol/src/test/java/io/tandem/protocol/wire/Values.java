package io.tandem.protocol.wire;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Arguments at random: every Java type that a payload knows, nested. */
public final class Values {

  private static final BigInteger MAX_UNSIGNED =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private Values() {}

  public static Arbitrary<List<Object>> args() {
    return value(3).list().ofMaxSize(20);
  }

  public static Arbitrary<Map<String, Object>> kwargs() {
    return map(value(2), 20);
  }

  private static Arbitrary<Object> value(int depth) {
    return depth == 0
        ? scalar()
        : Arbitraries.frequencyOf(
            Tuple.of(6, scalar()),
            Tuple.of(1, value(depth - 1).list().ofMaxSize(18).map(list -> list)),
            Tuple.of(1, map(value(depth - 1), 26).map(map -> map)));
  }

  private static Arbitrary<Object> scalar() {
    return Arbitraries.oneOf(
        Arbitraries.of(true, false).map(flag -> flag),
        Arbitraries.just(null),
        Arbitraries.longs().map(number -> number),
        Arbitraries.integers().between(-70_000, 70_000).map(Integer::longValue),
        bigIntegers().map(number -> number),
        Arbitraries.doubles().map(number -> number),
        text().map(text -> text),
        Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(octets -> octets));
  }

  /** Between 2^63 and 2^64: what every serializer can carry beyond a long. */
  private static Arbitrary<BigInteger> bigIntegers() {
    return Arbitraries.bigIntegers().between(BigInteger.ONE.shiftLeft(63), MAX_UNSIGNED);
  }

  private static Arbitrary<Map<String, Object>> map(Arbitrary<Object> values, int maxSize) {
    // Not Arbitraries.maps: values may be null.
    return Combinators.combine(text(), values)
        .as((key, value) -> new Object[] {key, value})
        .list()
        .ofMaxSize(maxSize)
        .map(
            entries -> {
              Map<String, Object> map = new HashMap<>();
              entries.forEach(entry -> map.put((String) entry[0], entry[1]));
              return map;
            });
  }

  /** Text without half surrogates; a leading U+0000 would mean binary in JSON. */
  private static Arbitrary<String> text() {
    Arbitrary<String> basic =
        Arbitraries.strings().withCharRange('\0', '\u007f').withCharRange('\u0080', '\ud7ff');
    Arbitrary<String> plain = Arbitraries.strings().ascii();
    Arbitrary<String> emoji = Arbitraries.of("", "😀", "𝄞", "\"\\/\b\f\n\r\t");
    return Combinators.combine(Arbitraries.oneOf(basic, plain), emoji)
        .as((text, tail) -> text + tail)
        .filter(text -> !text.startsWith("\0"));
  }
}
