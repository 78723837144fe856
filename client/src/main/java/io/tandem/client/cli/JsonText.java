package io.tandem.client.cli;

import io.tandem.client.Arguments;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as the shell sees it, read and written by the serializer that the protocol uses. */
final class JsonText {

  private JsonText() {}

  /** The value of a JSON text, or the text itself when it is none. */
  static @Nullable Object valueOf(String text) {
    // The one reader of JSON here is the decoder of messages: so the text becomes an argument.
    byte[] call = ("[48,1,{},\"a\",[" + text + "]]").getBytes(StandardCharsets.UTF_8);
    try {
      Call decoded =
          (Call)
              new MessageDecoder(Serializer.JSON, DecodeLimits.DEFAULT)
                  .decode(call, 0, call.length);
      List<@Nullable Object> args = decoded.payload().args();
      boolean oneValue = args.size() == 1 && decoded.payload().kwargs().isEmpty();
      return oneValue ? args.get(0) : text;
    } catch (ProtocolViolation notJson) {
      return text;
    }
  }

  /** Arguments given as words of a command line. */
  static Arguments arguments(List<String> args, Map<String, String> kwargs) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    kwargs.forEach((key, value) -> named.put(key, valueOf(value)));
    return Arguments.of(Arrays.asList(args.stream().map(JsonText::valueOf).toArray()), named);
  }

  /**
   * Arguments as one document: an array when there are no keyword arguments, an object of the
   * keyword arguments when there are no others, and {@code {"args": [...], "kwargs": {...}}} when
   * there are both.
   *
   * @throws IllegalArgumentException for a value that JSON does not have, such as NaN
   */
  static String document(Arguments arguments) {
    if (arguments.kwargs().isEmpty()) {
      return write(arguments.args());
    }
    if (arguments.args().isEmpty()) {
      return write(arguments.kwargs());
    }
    Map<String, Object> both = new LinkedHashMap<>();
    both.put("args", arguments.args());
    both.put("kwargs", arguments.kwargs());
    return write(both);
  }

  private static String write(Object value) {
    Payload list = Payload.encode(Serializer.JSON, List.of(value), Map.of());
    // Between the brackets of the argument list.
    return new String(list.bytes(), list.offset() + 1, list.length() - 2, StandardCharsets.UTF_8);
  }
}
