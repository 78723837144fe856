package io.tandem.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.msgpack.jackson.dataformat.MessagePackMapper;

/**
 * The dealer's work on one call, bytes to bytes: a CALL of 256 octets read, its INVOCATION written.
 * Ours against Jackson, as lists and maps and as a copy loop over its tokens. Prints CPU time and
 * allocation of one turn, median of the rounds, which stays true on a busy machine. Run {@code
 * main} from the test classpath; no test runs it.
 */
public final class CodecBenchmark {

  private static final int MESSAGE_SIZE = 256;
  private static final int TURNS = 20_000;
  private static final int ROUNDS = 15;

  /** Keeps the compiler from dropping the work. */
  private static int sum;

  private interface Turn {
    int run() throws Exception;
  }

  private CodecBenchmark() {}

  public static void main(String[] args) throws Exception {
    Map<Serializer, ObjectMapper> jackson =
        Map.of(
            Serializer.JSON, new ObjectMapper(),
            Serializer.MSGPACK, new MessagePackMapper(),
            Serializer.CBOR, new CBORMapper());
    for (Serializer serializer : Serializer.values()) {
      byte[] call = call(serializer);
      measure(serializer + " ours", ours(serializer, call));
      measure(serializer + " jackson tokens", jacksonTokens(jackson.get(serializer), call));
      measure(serializer + " jackson databind", jacksonDatabind(jackson.get(serializer), call));
      measure(serializer + " ours, decode alone", decodeAlone(serializer, call));
    }
    System.out.println("(" + sum + ")");
  }

  private static byte[] call(Serializer serializer) throws Exception {
    byte[] bytes = {};
    for (int fill = 0; bytes.length < MESSAGE_SIZE; fill++) {
      List<Object> args = List.of("x".repeat(fill), 1234567, 3.25, true);
      Payload payload = Payload.encode(serializer, args, Map.of("name", "value"));
      bytes =
          Wire.encode(
              new Call(7814135, Options.EMPTY, "com.myapp.user.create", payload), serializer);
    }
    return bytes;
  }

  private static Turn decodeAlone(Serializer serializer, byte[] bytes) {
    MessageDecoder decoder = new MessageDecoder(serializer, DecodeLimits.DEFAULT);
    return () -> ((Call) decoder.decode(bytes, 0, bytes.length)).payload().length();
  }

  private static Turn ours(Serializer serializer, byte[] bytes) {
    MessageDecoder decoder = new MessageDecoder(serializer, DecodeLimits.DEFAULT);
    ByteSink out = new ByteSink(512);
    return () -> {
      Call call = (Call) decoder.decode(bytes, 0, bytes.length);
      out.reset();
      MessageEncoder.encode(
          new Invocation(call.request(), 9823526, Options.EMPTY, call.payload()), serializer, out);
      return out.length();
    };
  }

  /** Only what stands before the payload is looked at; the payload is copied token by token. */
  private static Turn jacksonTokens(ObjectMapper mapper, byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    return () -> {
      out.reset();
      try (JsonParser in = mapper.getFactory().createParser(bytes, 0, bytes.length);
          JsonGenerator generator = mapper.getFactory().createGenerator(out)) {
        in.nextToken();
        in.nextIntValue(0);
        long request = in.nextLongValue(0);
        in.nextToken();
        in.nextToken();
        sum += in.nextTextValue().length();
        generator.writeStartArray(null, 6);
        generator.writeNumber(68);
        generator.writeNumber(request);
        generator.writeNumber(9823526);
        generator.writeStartObject(null, 0);
        generator.writeEndObject();
        in.nextToken();
        generator.writeStartArray(null, 4);
        for (int i = 0; i < 4; i++) {
          in.nextToken();
          generator.copyCurrentEvent(in);
        }
        in.nextToken();
        generator.writeEndArray();
        in.nextToken();
        generator.writeStartObject(null, 1);
        in.nextToken();
        generator.copyCurrentEvent(in);
        in.nextToken();
        generator.copyCurrentEvent(in);
        in.nextToken();
        generator.writeEndObject();
        generator.writeEndArray();
      }
      return out.size();
    };
  }

  private static Turn jacksonDatabind(ObjectMapper mapper, byte[] bytes) {
    return () -> {
      List<?> call = mapper.readValue(bytes, List.class);
      return mapper.writeValueAsBytes(
              List.of(68, call.get(1), 9823526, Map.of(), call.get(4), call.get(5)))
          .length;
    };
  }

  private static void measure(String name, Turn turn) throws Exception {
    double[] nanos = new double[ROUNDS];
    double[] octets = new double[ROUNDS];
    var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int round = -ROUNDS; round < ROUNDS; round++) {
      long allocated = thread.getCurrentThreadAllocatedBytes();
      long start = thread.getCurrentThreadCpuTime();
      for (int i = 0; i < TURNS; i++) {
        sum += turn.run();
      }
      int slot = Math.max(round, 0); // the rounds before are warm-up
      nanos[slot] = (double) (thread.getCurrentThreadCpuTime() - start) / TURNS;
      octets[slot] = (double) (thread.getCurrentThreadAllocatedBytes() - allocated) / TURNS;
    }
    Arrays.sort(nanos);
    Arrays.sort(octets);
    System.out.printf("%-28s %6.0f ns %6.0f B%n", name, nanos[ROUNDS / 2], octets[ROUNDS / 2]);
  }
}
