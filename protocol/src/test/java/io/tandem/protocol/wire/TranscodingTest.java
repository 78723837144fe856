package io.tandem.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.tandem.testing.Conformance;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.msgpack.jackson.dataformat.MessagePackMapper;

/** Payloads at random through every pair of serializers, with Jackson as witness. */
class TranscodingTest {

  private static final Map<Serializer, ObjectMapper> JACKSON =
      Map.of(
          Serializer.JSON, new ObjectMapper(),
          Serializer.MSGPACK, new MessagePackMapper(),
          Serializer.CBOR, new CBORMapper());

  @Provide
  Arbitrary<List<Object>> args() {
    return Values.args();
  }

  @Provide
  Arbitrary<Map<String, Object>> kwargs() {
    return Values.kwargs();
  }

  @Property
  @Conformance("SER-06")
  void valuesSurviveEveryPairOfSerializers(
      @ForAll("args") List<Object> args,
      @ForAll("kwargs") Map<String, Object> kwargs,
      @ForAll Serializer source,
      @ForAll Serializer target)
      throws UntranslatableException {
    Payload translated = Payload.encode(source, args, kwargs).as(target);
    assertThat(translated.args()).usingRecursiveComparison().isEqualTo(args);
    assertThat(translated.kwargs()).usingRecursiveComparison().isEqualTo(kwargs);
  }

  @Property
  @Conformance({"SER-05", "SER-06"})
  void jacksonReadsWhatWeTranscoded(
      @ForAll("args") List<Object> args, @ForAll Serializer source, @ForAll Serializer target)
      throws Exception {
    Payload translated = Payload.encode(source, args, Map.of("k", 1)).as(target);
    Payload argsOnly = Payload.encode(source, List.of(args), Map.of()).as(target);
    assertThat(translated.shape()).isEqualTo(Payload.Shape.ARGS_KWARGS);
    Object read =
        JACKSON
            .get(target)
            .readerFor(new TypeReference<List<Object>>() {})
            .with(DeserializationFeature.USE_LONG_FOR_INTS)
            .readValue(argsOnly.bytes(), argsOnly.offset(), argsOnly.length());
    assertThat(read).usingRecursiveComparison().isEqualTo(asSeenIn(target, List.of(args)));
  }

  @Property
  @Conformance("SER-06")
  void weReadWhatJacksonWrote(@ForAll("args") List<Object> args, @ForAll Serializer serializer)
      throws IOException, MalformedException {
    byte[] bytes = JACKSON.get(serializer).writeValueAsBytes(asSeenIn(serializer, args));
    TokenReader reader = TokenReader.of(serializer, DecodeLimits.DEFAULT);
    reader.reset(bytes, 0, bytes.length);
    reader.next();
    reader.skipRest();
    reader.finish();
    Payload payload = Payload.slice(serializer, Payload.Shape.ARGS, bytes, 0, bytes.length);
    assertThat(payload.args()).usingRecursiveComparison().isEqualTo(args);
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
      throw new java.io.UncheckedIOException(e);
    }
  }
}
