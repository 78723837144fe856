package io.tandem.protocol.codec;

import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the codec's tests have in common: messages from bytes, to bytes, and in words. */
final class Wire {

  private Wire() {}

  static WampMessage decode(Serializer serializer, byte[] bytes) throws ProtocolViolation {
    return new MessageDecoder(serializer, DecodeLimits.DEFAULT).decode(bytes, 0, bytes.length);
  }

  static WampMessage decode(String json) throws ProtocolViolation {
    return decode(Serializer.JSON, json.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] encode(WampMessage message, Serializer serializer) throws UntranslatableException {
    ByteSink sink = new ByteSink();
    MessageEncoder.encode(message, serializer, sink);
    return sink.toByteArray();
  }

  static String encodeToJson(WampMessage message) throws UntranslatableException {
    return new String(encode(message, Serializer.JSON), StandardCharsets.UTF_8);
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  /** Every component by name, payloads decoded, so that two messages can be compared. */
  static String show(WampMessage message) {
    return message.getClass().getSimpleName()
        + Arrays.stream(message.getClass().getRecordComponents())
            .map(component -> component.getName() + "=" + show(value(component, message)))
            .collect(Collectors.joining(", ", "[", "]"));
  }

  private static Object value(RecordComponent component, WampMessage message) {
    try {
      return component.getAccessor().invoke(message);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  static String show(Object value) {
    if (value instanceof Payload payload) {
      return payload.shape() + " " + show(payload.args()) + " " + show(payload.kwargs());
    } else if (value instanceof Options options) {
      return show(options.toMap());
    } else if (value instanceof byte[] octets) {
      return "h'" + HexFormat.of().formatHex(octets) + "'";
    } else if (value instanceof String text) {
      return '"' + text.replace("\n", "\\n").replace("\u0001", "\\u0001") + '"';
    } else if (value instanceof List<?> list) {
      return list.stream().map(Wire::show).collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + show(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return String.valueOf(value);
  }
}
