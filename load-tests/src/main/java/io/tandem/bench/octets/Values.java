package io.tandem.bench.octets;

import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.JavaValues;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.TokenWriter;
import io.tandem.protocol.wire.UntranslatableException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages as plain lists of values, and as octets. */
public final class Values {

  private Values() {}

  /**
   * The octets of a value.
   *
   * @throws IllegalArgumentException where the serializer has no way to write it
   */
  public static byte[] encode(Serializer serializer, @Nullable Object value) {
    ByteSink out = new ByteSink();
    try {
      JavaValues.write(TokenWriter.of(serializer, out), value);
    } catch (UntranslatableException cannot) {
      throw new IllegalArgumentException(cannot.getMessage(), cannot);
    }
    return out.toByteArray();
  }

  /**
   * The values of a message.
   *
   * @throws RuntimeException where the octets are none
   */
  public static List<@Nullable Object> decode(Serializer serializer, byte[] octets) {
    return Payload.slice(serializer, Payload.Shape.ARGS, octets, 0, octets.length).args();
  }
}
