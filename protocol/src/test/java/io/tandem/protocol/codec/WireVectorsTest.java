package io.tandem.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Our own vectors, {@code wire/messages.txt}: every message type in the three serializers. */
class WireVectorsTest {

  private record Vector(String title, String means, Map<Serializer, String> wire) {

    byte[] bytes(Serializer serializer) {
      String line = wire.get(serializer);
      return serializer.isText() ? line.getBytes(StandardCharsets.UTF_8) : Wire.hex(line);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyVectorDecodesToItsMeaning() throws IOException {
    return each(
        (vector, serializer) ->
            assertThat(Wire.show(Wire.decode(serializer, vector.bytes(serializer))))
                .isEqualTo(vector.means()));
  }

  @TestFactory
  @Conformance("SER-06")
  Stream<DynamicTest> everyVectorIsWrittenInEverySerializerWhicheverItCameIn() throws IOException {
    return each(
        (vector, serializer) -> {
          WampMessage message = Wire.decode(serializer, vector.bytes(serializer));
          for (Serializer target : Serializer.values()) {
            assertThat(text(target, Wire.encode(message, target)))
                .as("from %s to %s", serializer, target)
                .isEqualTo(vector.wire().get(target));
          }
        });
  }

  @Test
  void everyMessageTypeHasAVector() throws IOException {
    List<String> kinds =
        vectors().stream().map(v -> v.means().replaceAll("\\[.*", "")).distinct().toList();
    assertThat(kinds)
        .containsExactlyInAnyOrderElementsOf(
            EveryMessageTest.kinds().stream().map(Class::getSimpleName).toList());
  }

  private interface Check {
    void run(Vector vector, Serializer serializer) throws Exception;
  }

  private static Stream<DynamicTest> each(Check check) throws IOException {
    return vectors().stream()
        .flatMap(
            vector ->
                Arrays.stream(Serializer.values())
                    .map(
                        serializer ->
                            dynamicTest(
                                vector.title() + " in " + serializer,
                                () -> check.run(vector, serializer))));
  }

  private static String text(Serializer serializer, byte[] bytes) {
    return serializer.isText()
        ? new String(bytes, StandardCharsets.UTF_8)
        : HexFormat.of().formatHex(bytes);
  }

  /** The bytes of every vector. */
  static List<byte[]> bytes(Serializer serializer) throws IOException {
    return vectors().stream().map(vector -> vector.bytes(serializer)).toList();
  }

  private static List<Vector> vectors() throws IOException {
    try (InputStream in = WireVectorsTest.class.getResourceAsStream("/wire/messages.txt")) {
      String file = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(file.split("(?m)^== ")).skip(1).map(WireVectorsTest::vector).toList();
    }
  }

  private static Vector vector(String block) {
    List<String> lines = block.strip().lines().toList();
    Map<String, String> fields = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String name = line.substring(0, line.indexOf(' '));
      fields.put(name, line.substring(name.length()).strip());
    }
    Map<Serializer, String> wire =
        Arrays.stream(Serializer.values())
            .collect(Collectors.toMap(s -> s, s -> fields.get(s.wireName())));
    return new Vector(lines.get(0), fields.get("means"), wire);
  }
}
