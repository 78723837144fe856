package io.tandem.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.testing.Conformance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadTest {

  private static Payload args(Serializer serializer, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return Payload.slice(serializer, Payload.Shape.ARGS, bytes, 0, bytes.length);
  }

  @Test
  @Conformance("SER-07")
  void theSameSerializerGetsTheVeryPayload() throws Exception {
    Payload payload = Payload.encode(Serializer.CBOR, List.of(1), Map.of());
    assertThat(payload.as(Serializer.CBOR)).isSameAs(payload);
  }

  @Test
  void transcodingIsRemembered() throws Exception {
    Payload payload = Payload.encode(Serializer.CBOR, List.of(1), Map.of("a", 2));
    Payload json = payload.as(Serializer.JSON);
    Payload msgpack = payload.as(Serializer.MSGPACK);
    assertThat(payload.as(Serializer.JSON)).isSameAs(json);
    assertThat(payload.as(Serializer.MSGPACK)).isSameAs(msgpack);
  }

  @ParameterizedTest
  @CsvSource({
    "CBOR, JSON, 81c074323031332d30332d32315432303a30343a30305a", // tag 0
    "CBOR, MSGPACK, 81c074323031332d30332d32315432303a30343a30305a",
    "CBOR, JSON, 81f97e00", // NaN
    "CBOR, JSON, 81f97c00", // Infinity
    "CBOR, JSON, 81e0", // a simple value
    "CBOR, MSGPACK, 81c249010000000000000000", // 2^64
    "CBOR, JSON, 816100", // text that would read as binary
    "MSGPACK, JSON, 91d60100000000", // an extension
    "MSGPACK, CBOR, 91d60100000000",
    "MSGPACK, JSON, 91cb7ff8000000000000", // NaN
    "JSON, CBOR, 5b31653939395d", // 1e999
  })
  @Conformance("SER-09")
  void whatTheTargetLacksIsUntranslatable(Serializer source, Serializer target, String hex) {
    Payload payload = args(source, hex);
    assertThatThrownBy(() -> payload.as(target)).isInstanceOf(UntranslatableException.class);
    assertThatThrownBy(() -> payload.as(target)).isInstanceOf(UntranslatableException.class);
  }

  @Test
  void octetArrayOfJavaScriptIsBinaryElsewhere() throws Exception {
    Payload typedArray = args(Serializer.CBOR, "81d840420102");
    assertThat((byte[]) typedArray.as(Serializer.JSON).args().get(0)).containsExactly(1, 2);
    assertThat((byte[]) typedArray.as(Serializer.MSGPACK).args().get(0)).containsExactly(1, 2);
  }

  @Test
  void undefinedOfJavaScriptIsNullElsewhere() throws Exception {
    assertThat(args(Serializer.MSGPACK, "91d40000").as(Serializer.CBOR).args())
        .containsExactly((Object) null);
  }

  @Test
  void notANumberSurvivesBetweenBinarySerializers() throws Exception {
    assertThat(args(Serializer.CBOR, "81f97e00").as(Serializer.MSGPACK).args())
        .containsExactly(Double.NaN);
  }

  @Test
  void tagsAndExtensionsAreReadAsWhatJavaKnows() {
    assertThat(args(Serializer.CBOR, "83d9d9f7c06161e0f7").args()).containsExactly("a", null, null);
    assertThat(args(Serializer.MSGPACK, "92d601000000007f").args()).containsExactly(null, 127L);
  }

  @Test
  void emptyArgumentsAreNoPayload() {
    assertThat(Payload.encode(Serializer.JSON, List.of(), Map.of())).isSameAs(Payload.EMPTY);
  }

  @Test
  void keywordArgumentsAloneLeaveAPlaceholder() {
    Payload payload = Payload.encode(Serializer.JSON, List.of(), Map.of("a", 1));
    assertThat(new String(payload.bytes(), 0, payload.length(), StandardCharsets.UTF_8))
        .isEqualTo("[],{\"a\":1}");
  }

  @Test
  void valuesThatNoSerializerKnowsAreRefused() {
    List<Object> own = new ArrayList<>();
    own.add(own);
    for (Object value : List.of(new Object(), 'c', Map.of(1, 2), own)) {
      assertThatThrownBy(() -> Payload.encode(Serializer.CBOR, List.of(value), Map.of()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Payload.encode(Serializer.JSON, List.of(Double.NaN), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void longContainersOfUnknownLengthGetTheRightHead() throws Exception {
    for (int size : new int[] {15, 16, 23, 24, 255, 256, 65535, 65536}) {
      List<Object> inner = new ArrayList<>();
      for (long i = 0; i < size; i++) {
        inner.add(i % 10);
      }
      List<Object> args = List.of(inner, "tail", List.of(inner));
      Payload json = Payload.encode(Serializer.JSON, args, Map.of());
      for (Serializer target : new Serializer[] {Serializer.MSGPACK, Serializer.CBOR}) {
        Payload expected = Payload.encode(target, args, Map.of());
        Payload translated = json.as(target);
        assertThat(java.util.Arrays.copyOf(translated.bytes(), translated.length()))
            .isEqualTo(java.util.Arrays.copyOf(expected.bytes(), expected.length()));
      }
    }
  }

  @Test
  @Conformance("SER-09")
  void valueThatJsonLacksIsEncodedInAnotherWay() {
    assertThat(Payload.encode(List.of("text"), Map.of()).serializer()).isEqualTo(Serializer.JSON);
    List<Object> lacking = List.of("\0text", Double.NaN);
    Payload payload = Payload.encode(lacking, Map.of());
    assertThat(payload.serializer()).isEqualTo(Serializer.CBOR);
    assertThat(payload.args()).isEqualTo(lacking);
  }
}
