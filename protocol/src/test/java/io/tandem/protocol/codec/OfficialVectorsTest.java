package io.tandem.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.msgpack.jackson.dataformat.MessagePackMapper;

/**
 * The test vectors of the WAMP project, where they lie beside this repository; they are not ours to
 * copy. How to match them is said in the README of their folder.
 */
class OfficialVectorsTest {

  private static final Path VECTORS =
      Path.of("..", "..", "shared", "wamp", "testvectors", "singlemessage");

  /** EVENT_RECEIVED stands in the vectors but not in the specification. */
  private static final int EVENT_RECEIVED = 337;

  private static final Map<Serializer, ObjectMapper> MAPPERS =
      Map.of(
          Serializer.JSON, new ObjectMapper(),
          Serializer.MSGPACK, new MessagePackMapper(),
          Serializer.CBOR, new CBORMapper());

  /** Reported as skipped where there are none: a factory that makes no tests is not reported. */
  @Test
  void vectorsAreThere() throws IOException {
    assertThat(files()).isNotEmpty();
  }

  @TestFactory
  Stream<DynamicNode> everySerializationSampleDecodesAndEncodes() throws IOException {
    return files().map(file -> dynamicContainer(name(file), serializationTests(file)));
  }

  @TestFactory
  Stream<DynamicNode> everyValidationSampleIsJudgedAsTheVectorsSay() throws IOException {
    return files().map(file -> dynamicContainer(name(file), validationTests(file)));
  }

  private static Stream<DynamicNode> serializationTests(JsonNode file) {
    return samples(file)
        .filter(sample -> sample.has("serializers"))
        .flatMap(
            sample ->
                Arrays.stream(Serializer.values())
                    .filter(serializer -> sample.get("serializers").has(serializer.wireName()))
                    .map(
                        serializer ->
                            dynamicTest(
                                sample.path("description").asText() + " in " + serializer,
                                () -> checkSerialization(sample, serializer))));
  }

  private static void checkSerialization(JsonNode sample, Serializer serializer) throws Exception {
    JsonNode expected = sample.get("expected_attributes");
    List<byte[]> encodings = new ArrayList<>();
    for (JsonNode encoding : sample.get("serializers").get(serializer.wireName())) {
      encodings.add(Wire.hex(encoding.get("bytes_hex").asText()));
    }
    assertThat(encodings).isNotEmpty();
    for (byte[] encoding : encodings) {
      WampMessage message = Wire.decode(serializer, encoding);
      assertThat(message.code().number()).isEqualTo(expected.get("message_type").asInt());
      byte[] ours = Wire.encode(message, serializer);
      checkAttributes(tree(serializer, encoding), expected);
      // Jackson reads from our bytes what it reads from theirs.
      assertThat(tree(serializer, ours)).isEqualTo(tree(serializer, encoding));
      checkPayload(message, expected);
    }
  }

  /** Every expected attribute stands somewhere in the message: they are named without a system. */
  private static void checkAttributes(JsonNode message, JsonNode expected) {
    List<JsonNode> elements = new ArrayList<>();
    message.forEach(elements::add);
    message.forEach(element -> element.forEach(elements::add)); // such as roles
    expected
        .fields()
        .forEachRemaining(
            attribute -> {
              JsonNode value = attribute.getValue();
              if (!value.isNull() && !attribute.getKey().equals("payload")) {
                assertThat(elements).as(attribute.getKey()).contains(value);
              }
            });
  }

  private static void checkPayload(WampMessage message, JsonNode expected) throws Exception {
    if (!expected.path("payload").isTextual()) {
      return;
    }
    Payload payload = (Payload) message.getClass().getMethod("payload").invoke(message);
    assertThat(payload.shape()).isEqualTo(Payload.Shape.BINARY);
    assertThat((byte[]) payload.args().get(0))
        .isEqualTo(Wire.hex(expected.get("payload").asText()));
  }

  private static Stream<DynamicNode> validationTests(JsonNode file) {
    return samples(file)
        .filter(sample -> sample.has("wmsg"))
        .flatMap(
            sample ->
                Arrays.stream(Serializer.values())
                    .map(
                        serializer ->
                            dynamicTest(
                                sample.get("wmsg") + " in " + serializer,
                                () -> checkValidation(sample, serializer))));
  }

  private static void checkValidation(JsonNode sample, Serializer serializer) throws Exception {
    byte[] bytes = bytes(sample.get("wmsg"), serializer);
    JsonNode error = sample.path("expected_error");
    if (error.isMissingNode() || error.isNull()) {
      assertThat(Wire.decode(serializer, bytes)).isNotNull();
    } else {
      ProtocolViolation violation =
          catchThrowableOfType(ProtocolViolation.class, () -> Wire.decode(serializer, bytes));
      assertThat(violation).hasMessageContaining(error.get("contains").asText());
    }
  }

  /** A transparent payload is written as a hex string there; on the wire it is binary. */
  private static byte[] bytes(JsonNode message, Serializer serializer) throws IOException {
    ArrayNode elements = message.deepCopy();
    int last = elements.size() - 1;
    boolean transparent = elements.path(2).has("enc_algo") || elements.path(3).has("enc_algo");
    if (transparent) {
      byte[] octets = Wire.hex(elements.get(last).asText());
      if (serializer == Serializer.JSON) {
        elements.set(last, '\0' + Base64.getEncoder().encodeToString(octets));
      } else {
        elements.set(last, elements.binaryNode(octets));
      }
    }
    return MAPPERS.get(serializer).writeValueAsBytes(elements);
  }

  private static JsonNode tree(Serializer serializer, byte[] bytes) throws IOException {
    // Through one common form, so that the width of integers does not matter.
    ObjectMapper json = MAPPERS.get(Serializer.JSON);
    return json.readTree(json.writeValueAsBytes(MAPPERS.get(serializer).readTree(bytes)));
  }

  private static Stream<JsonNode> samples(JsonNode file) {
    return StreamSupport.stream(file.get("samples").spliterator(), false);
  }

  private static String name(JsonNode file) {
    return file.get("wamp_message_type").asText();
  }

  private static Stream<JsonNode> files() throws IOException {
    assumeTrue(Files.isDirectory(VECTORS), "the WAMP project's vectors are not here");
    List<JsonNode> files = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(VECTORS)) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".json")).sorted().toList()) {
        JsonNode file = MAPPERS.get(Serializer.JSON).readTree(path.toFile());
        if (file.get("wamp_message_code").asInt() != EVENT_RECEIVED) {
          files.add(file);
        }
      }
    }
    return files.stream();
  }
}
