package io.tandem.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.tandem.testing.Conformance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.msgpack.jackson.dataformat.MessagePackMapper;

/** Payloads at random through every pair of serializers, with Jackson as witness. */
class TranscodingTest {

  private static final int TRIES = 200;

  private static final Map<Serializer, ObjectMapper> JACKSON =
      Map.of(
          Serializer.JSON, new ObjectMapper(),
          Serializer.MSGPACK, new MessagePackMapper(),
          Serializer.CBOR, new CBORMapper());

  @Property(tries = TRIES)
  @Conformance("SER-06")
  void valuesSurviveEveryPairOfSerializers(
      @ForAll long seed, @ForAll Serializer source, @ForAll Serializer target)
      throws UntranslatableException {
    Values values = new Values(seed);
    List<Object> args = values.args();
    Map<String, Object> kwargs = values.kwargs();
    Payload translated = Payload.encode(source, args, kwargs).as(target);
    assertThat(plain(translated.args())).isEqualTo(plain(args));
    assertThat(plain(translated.kwargs())).isEqualTo(plain(kwargs));
  }

  @Property(tries = TRIES)
  @Conformance({"SER-05", "SER-06"})
  void jacksonReadsWhatWeTranscoded(
      @ForAll long seed, @ForAll Serializer source, @ForAll Serializer target) throws Exception {
    List<Object> args = List.of(new Values(seed).args());
    Payload translated = Payload.encode(source, args, Map.of()).as(target);
    Object read =
        JACKSON
            .get(target)
            .readerFor(new TypeReference<List<Object>>() {})
            .readValue(translated.bytes(), translated.offset(), translated.length());
    assertThat(plain(read)).isEqualTo(plain(asSeenIn(target, args)));
  }

  @Property(tries = TRIES)
  @Conformance("SER-06")
  void weReadWhatJacksonWrote(@ForAll long seed, @ForAll Serializer serializer)
      throws IOException, MalformedException {
    List<Object> args = new Values(seed).args();
    byte[] bytes = JACKSON.get(serializer).writeValueAsBytes(asSeenIn(serializer, args));
    TokenReader reader = TokenReader.of(serializer, DecodeLimits.DEFAULT);
    reader.reset(bytes, 0, bytes.length);
    reader.next();
    reader.skipRest();
    reader.finish();
    Payload payload = Payload.slice(serializer, Payload.Shape.ARGS, bytes, 0, bytes.length);
    assertThat(plain(payload.args())).isEqualTo(plain(args));
  }

  /** Comparable: octets as buffers, and every integer that fits one a Long. */
  private static Object plain(Object value) {
    if (value instanceof byte[] octets) {
      return ByteBuffer.wrap(octets);
    } else if (value instanceof Integer number) {
      return number.longValue();
    } else if (value instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(element -> plain.add(plain(element)));
      return plain;
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> plain = new LinkedHashMap<>();
      map.forEach((key, element) -> plain.put(key, plain(element)));
      return plain;
    }
    return value;
  }

  /** JSON as Jackson knows it has no binary. */
  private static Object asSeenIn(Serializer serializer, Object value) {
    if (value instanceof byte[] octets && serializer == Serializer.JSON) {
      return '\0' + Base64.getEncoder().encodeToString(octets);
    } else if (value instanceof List<?> list) {
      List<Object> seen = new ArrayList<>();
      list.forEach(element -> seen.add(asSeenIn(serializer, element)));
      return seen;
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> seen = new LinkedHashMap<>();
      map.forEach((key, element) -> seen.put(key, asSeenIn(serializer, element)));
      return seen;
    }
    return value;
  }

  @Property
  void integersBeyond64BitsSurviveBetweenJsonAndCbor(@ForAll BigInteger number)
      throws UntranslatableException {
    Object expected = number.bitLength() < 64 ? (Object) number.longValue() : number;
    Payload json = Payload.encode(Serializer.JSON, List.of(number), Map.of());
    assertThat(json.as(Serializer.CBOR).args()).containsExactly(expected);
    Payload cbor = Payload.encode(Serializer.CBOR, List.of(number), Map.of());
    assertThat(cbor.as(Serializer.JSON).args()).containsExactly(expected);
    byte[] bytes = Arrays.copyOf(cbor.bytes(), cbor.length());
    assertThat(jacksonIntegers(bytes)).containsExactly(number);
  }

  private static List<BigInteger> jacksonIntegers(byte[] cbor) {
    try {
      return JACKSON.get(Serializer.CBOR).readValue(cbor, new TypeReference<List<BigInteger>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
