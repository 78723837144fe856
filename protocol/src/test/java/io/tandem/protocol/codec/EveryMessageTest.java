package io.tandem.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Walks the sealed family of messages: none is forgotten in encoder, decoder or the type codes.
 * Every element gets a value of its own, so that two of them changing places would show.
 */
class EveryMessageTest {

  /** Every record under {@link WampMessage}. */
  static Set<Class<?>> kinds() {
    Set<Class<?>> records = new LinkedHashSet<>();
    collect(WampMessage.class, records);
    return records;
  }

  private static void collect(Class<?> type, Set<Class<?>> records) {
    if (type.isRecord()) {
      records.add(type);
    } else {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        collect(permitted, records);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> everyMessageSurvivesEverySerializer() {
    return kinds().stream()
        .flatMap(
            kind ->
                Arrays.stream(Serializer.values())
                    .map(
                        serializer ->
                            dynamicTest(
                                kind.getSimpleName() + " in " + serializer,
                                () -> survives(kind, serializer))));
  }

  private static void survives(Class<?> kind, Serializer serializer) throws Exception {
    WampMessage message = sample(kind);
    WampMessage back = Wire.decode(serializer, Wire.encode(message, serializer));
    assertThat(Wire.show(back)).isEqualTo(Wire.show(message));
  }

  @Test
  void everyTypeCodeHasExactlyOneMessage() throws Exception {
    Set<MessageCode> codes = new LinkedHashSet<>();
    for (Class<?> kind : kinds()) {
      assertThat(codes.add(sample(kind).code())).as(kind.getSimpleName()).isTrue();
    }
    assertThat(codes).containsExactlyInAnyOrder(MessageCode.values());
  }

  private static WampMessage sample(Class<?> kind) throws ReflectiveOperationException {
    RecordComponent[] components = kind.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = value(components[i], i, kind);
    }
    Constructor<?> canonical =
        kind.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    return (WampMessage) canonical.newInstance(values);
  }

  private static Object value(RecordComponent component, int index, Class<?> kind) {
    Class<?> type = component.getType();
    if (type == long.class) {
      return 1_000_000_007L * (index + 1);
    } else if (type == String.class) {
      return "com.example." + component.getName();
    } else if (type == Options.class) {
      return Options.EMPTY;
    } else if (type == MessageCode.class) {
      return MessageCode.INVOCATION;
    } else if (type == Map.class) {
      return Map.of("inner", List.of(1L, "two"));
    }
    // ABORT is the one message whose payload is never sent (SES-11).
    return kind.getSimpleName().equals("Abort")
        ? Payload.EMPTY
        : Payload.encode(Serializer.CBOR, List.of(1L, "two"), Map.of("three", true));
  }
}
