package io.tandem.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import io.tandem.testing.Conformance;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/**
 * Whatever arrives gives a message or a {@link ProtocolViolation}, and what gave a message can be
 * sent on. jqwik prints the seed; {@code -Djqwik.tries.default=1000000} makes the long form of it.
 */
class FuzzTest {

  private static final DecodeLimits LIMITS = new DecodeLimits(16, 1_000, 100);

  private static final Map<Serializer, List<byte[]>> MESSAGES = new EnumMap<>(Serializer.class);

  static {
    try {
      for (Serializer serializer : Serializer.values()) {
        MESSAGES.put(serializer, WireVectorsTest.bytes(serializer));
      }
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Property
  @Conformance("SER-08")
  void arbitraryBytesGiveAMessageOrAViolation(
      @ForAll Serializer serializer, @ForAll @Size(max = 400) byte[] bytes) {
    check(serializer, bytes);
  }

  /** Random bytes hardly get past the first token, so these start as real messages. */
  @Property
  @Conformance("SER-08")
  void mutatedMessagesGiveAMessageOrAViolation(@ForAll Serializer serializer, @ForAll long seed) {
    Random random = new Random(seed);
    List<byte[]> messages = MESSAGES.get(serializer);
    byte[] bytes = messages.get(random.nextInt(messages.size()));
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes = mutate(bytes, messages, random);
    }
    check(serializer, bytes);
  }

  private static byte[] mutate(byte[] bytes, List<byte[]> messages, Random random) {
    int at = random.nextInt(bytes.length + 1);
    byte[] head = Arrays.copyOf(bytes, at);
    byte[] tail = Arrays.copyOfRange(bytes, at, bytes.length);
    byte[] other = messages.get(random.nextInt(messages.size()));
    return switch (random.nextInt(6)) {
      case 0 -> head;
      case 1 -> join(head, new byte[] {(byte) random.nextInt()}, tail);
      case 2 -> join(head, Arrays.copyOfRange(tail, Math.min(1, tail.length), tail.length));
      case 3 -> join(head, Arrays.copyOfRange(other, random.nextInt(other.length), other.length));
      case 4 -> join(head, head, tail);
      default -> flip(bytes, random);
    };
  }

  private static byte[] flip(byte[] bytes, Random random) {
    byte[] copy = bytes.clone();
    if (copy.length > 0) {
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return copy;
  }

  private static byte[] join(byte[]... parts) {
    ByteSink sink = new ByteSink();
    for (byte[] part : parts) {
      sink.write(part, 0, Math.min(part.length, 10_000));
    }
    return sink.toByteArray();
  }

  private static void check(Serializer serializer, byte[] bytes) {
    // In the middle of an array, with octets around it that must not be looked at.
    byte[] around = join(new byte[] {'['}, bytes, new byte[] {']'});
    WampMessage message;
    try {
      message = new MessageDecoder(serializer, LIMITS).decode(around, 1, bytes.length);
    } catch (ProtocolViolation expected) {
      assertThat(expected.getMessage()).isNotBlank();
      return;
    }
    for (Serializer target : Serializer.values()) {
      forward(message, serializer, target);
    }
  }

  private static void forward(WampMessage message, Serializer source, Serializer target) {
    try {
      byte[] sent = Wire.encode(message, target);
      WampMessage received = Wire.decode(target, sent);
      if (!(message instanceof Abort) && source == target) {
        assertThat(Wire.show(received)).isEqualTo(Wire.show(message));
      }
    } catch (UntranslatableException expected) {
      assertThat(source).isNotEqualTo(target);
    } catch (ProtocolViolation e) {
      throw new AssertionError("we sent what nobody can read", e);
    }
  }
}
