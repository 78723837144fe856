package io.tandem.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.msgpack.jackson.dataformat.MessagePackMapper;

/**
 * What the codec does for one call, octets to octets: CALL read, INVOCATION written, YIELD read,
 * RESULT written, each of 256 octets. Ours against Jackson, as lists and maps and as a copy loop
 * over its tokens. Prints CPU time and allocation of one turn, median of the rounds, which stays
 * true on a busy machine. Run {@code main} from the test classpath; no test runs it.
 */
public final class CodecBenchmark {

  private static final int MESSAGE_SIZE = 256;
  private static final int TURNS = 20_000;
  private static final int ROUNDS = 15;
  private static final long REQUEST = 7814135;
  private static final long REGISTRATION = 9823526;

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
      ObjectMapper mapper = jackson.get(serializer);
      byte[] call =
          ofSize(
              serializer,
              payload -> new Call(REQUEST, Options.EMPTY, "com.myapp.user.create", payload));
      byte[] yield = ofSize(serializer, payload -> new Yield(REQUEST, Options.EMPTY, payload));
      byte[] publish = ofSize(serializer, CodecBenchmark::publish);
      measure(serializer + " CALL read", read(serializer, call));
      measure(serializer + " PUBLISH with four options read", read(serializer, publish));
      measure(serializer + " CALL to INVOCATION", dealt(serializer, call));
      measure(serializer + " call, ours", both(dealt(serializer, call), dealt(serializer, yield)));
      measure(
          serializer + " call, Jackson's tokens",
          both(jacksonTokens(mapper, call), jacksonTokens(mapper, yield)));
      measure(
          serializer + " call, Jackson's lists",
          both(jacksonLists(mapper, call), jacksonLists(mapper, yield)));
    }
    System.out.println("(" + sum + ")");
  }

  private static Publish publish(Payload payload) {
    Options options =
        Options.of(Keys.ACKNOWLEDGE, true)
            .with(Keys.EXCLUDE_ME, false)
            .with(Keys.DISCLOSE_ME, true)
            .with(Keys.ELIGIBLE_AUTHROLE, List.of("admin", "guest"));
    return new Publish(REQUEST, options, "com.myapp.user.created", payload);
  }

  private static byte[] ofSize(Serializer serializer, Function<Payload, WampMessage> message)
      throws Exception {
    byte[] bytes = {};
    for (int fill = 0; bytes.length < MESSAGE_SIZE; fill++) {
      List<Object> args = List.of("x".repeat(fill), 1234567, 3.25, true);
      Payload payload = Payload.encode(serializer, args, Map.of("name", "value"));
      bytes = Wire.encode(message.apply(payload), serializer);
    }
    return bytes;
  }

  private static Turn both(Turn first, Turn second) {
    return () -> first.run() + second.run();
  }

  private static Turn read(Serializer serializer, byte[] bytes) {
    MessageDecoder decoder = new MessageDecoder(serializer, DecodeLimits.DEFAULT);
    return () -> decoder.decode(bytes, 0, bytes.length).getClass() == Call.class ? 1 : 2;
  }

  /** A CALL or YIELD read, and what the other side gets of it written. */
  private static Turn dealt(Serializer serializer, byte[] bytes) {
    MessageDecoder decoder = new MessageDecoder(serializer, DecodeLimits.DEFAULT);
    ByteSink out = new ByteSink(512);
    return () -> {
      WampMessage message = decoder.decode(bytes, 0, bytes.length);
      out.reset();
      MessageEncoder.encode(
          message instanceof Call call
              ? new Invocation(call.request(), REGISTRATION, Options.EMPTY, call.payload())
              : new Result(REQUEST, Options.EMPTY, ((Yield) message).payload()),
          serializer,
          out);
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
        boolean isCall = in.nextIntValue(0) == 48;
        long request = in.nextLongValue(0);
        in.nextToken();
        in.nextToken();
        generator.writeStartArray(null, isCall ? 6 : 5);
        generator.writeNumber(isCall ? 68 : 50);
        generator.writeNumber(request);
        if (isCall) {
          sum += in.nextTextValue().length();
          generator.writeNumber(REGISTRATION);
        }
        generator.writeStartObject(null, 0);
        generator.writeEndObject();
        in.nextToken();
        generator.copyCurrentStructure(in);
        in.nextToken();
        generator.copyCurrentStructure(in);
        generator.writeEndArray();
      }
      return out.size();
    };
  }

  private static Turn jacksonLists(ObjectMapper mapper, byte[] bytes) {
    return () -> {
      List<?> message = mapper.readValue(bytes, List.class);
      List<?> answer =
          message.size() == 6
              ? List.of(68, message.get(1), REGISTRATION, Map.of(), message.get(4), message.get(5))
              : List.of(50, message.get(1), Map.of(), message.get(3), message.get(4));
      return mapper.writeValueAsBytes(answer).length;
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
    System.out.printf("%-38s %6.0f ns %6.0f B%n", name, nanos[ROUNDS / 2], octets[ROUNDS / 2]);
  }
}
