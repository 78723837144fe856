package io.tandem.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import io.tandem.testing.Conformance;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageDecoderTest {

  private static Payload payload(String json) throws ProtocolViolation {
    return ((Call) Wire.decode("[48,1,{},\"com.p\"" + json + "]")).payload();
  }

  private static String slice(Payload payload) {
    return new String(payload.bytes(), payload.offset(), payload.length(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "\"x\"",
        "1",
        "null",
        "[]",
        "[\"48\",1,{},\"p\"]",
        "[null]",
        "[[]]",
        "[48.5]",
        "[-1]",
        "[0]",
        "[7]",
        "[256]",
        "[1000000]",
        "[337,1]",
        "[48]",
        "[48,1]",
        "[48,1,{}]",
        "[48,1,{},1]",
        "[48,1,[],\"p\"]",
        "[48,1,null,\"p\"]",
        "[48,\"1\",{},\"p\"]",
        "[48,1,{},\"p\",{}]",
        "[48,1,{},\"p\",[],[]]",
        "[48,1,{},\"p\",[],{},1]",
        "[48,1,{},\"p\",null,null,null]",
        "[48,1,{},\"p\",\"text\"]",
        "[48,1,{},\"p\",\"\\u0000QUJD\",{}]",
        "[48,1,{},\"p\"] 1",
        "[32,1,{},\"t\",[]]",
        "[34,1]",
        "[34,1,2,3]",
        "[34,1,2,{}]",
        "[66,1,2,{}]",
        "[6,{}]",
        "[5,1,{}]",
        "[5,\"s\"]",
        "[5,\"s\",null]",
        "[1,1,{}]",
        "[1,\"r\"]",
        "[1,\"r\",null]",
        "[8,1,1,{},5]",
        "[8,999,1,{},\"e\"]",
        "[8,48,1,{}]",
        "[8,\"48\",1,{},\"e\"]",
        "[35,0]",
        "[67,0]",
        "[35,1,null]",
        "[35,1,{},{}]",
        "[3,{},1]",
        "[3,\"r\",{}]",
        "[70,1]",
        "[70,1,2]"
      })
  @Conformance("MSG-01")
  void messageOfAnotherLayoutIsRefused(String json) {
    assertThatThrownBy(() -> Wire.decode(json)).isInstanceOf(ProtocolViolation.class);
  }

  /** Those from 256 on are each implementation's own, and none of a client's is known here. */
  @ParameterizedTest
  @ValueSource(ints = {0, 7, 100, 255, 256, 1023, 1024})
  @Conformance("MSG-10")
  void messageOfAnotherCodeIsUnknown(int code) {
    assertThatThrownBy(() -> Wire.decode("[" + code + ",1,{}]"))
        .isInstanceOf(ProtocolViolation.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "9007199254740993",
        "18446744073709551616",
        "1.5",
        "1e300",
        "\"1\"",
        "true",
        "null",
        "9223372036854775807",
        "[]",
        "-0.0"
      })
  @Conformance("ID-01")
  void idOutOfRangeIsRefused(String id) {
    assertThatThrownBy(() -> Wire.decode("[34," + id + ",1]"))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("UNSUBSCRIBE.Request must be an integer from 1 to 2^53");
  }

  @ParameterizedTest
  @CsvSource({
    "JSON, 5b36362c372e302c32653330305d, false", // [66,7.0,2e300]
    "JSON, 5b36362c372e302c3265335d, true", // [66,7.0,2e3]
    "MSGPACK, 93cb4050800000000000cb401c000000000000d10007, true",
    "MSGPACK, 93d30000000000000042cf0000000000000007cb40fe848000000000, true",
    "CBOR, 83f95420f9470019ffff, true",
    "CBOR, 831b0000000000000042fb401c0000000000001affffffff, true",
    "CBOR, 83184207fb7ff8000000000000, false",
    "CBOR, 83184207fb401c000000000001, false",
  })
  @Conformance({"ID-08", "QRK-11"})
  void wholeFloatsAndWideIntegersAreIntegers(Serializer serializer, String hex, boolean accepted)
      throws Exception {
    if (accepted) {
      Unregister message = (Unregister) Wire.decode(serializer, Wire.hex(hex));
      assertThat(message.request()).isEqualTo(7);
      assertThat(Wire.encodeToJson(message)).matches("\\[66,7,\\d+]");
    } else {
      assertThatThrownBy(() -> Wire.decode(serializer, Wire.hex(hex)))
          .isInstanceOf(ProtocolViolation.class);
    }
  }

  @Test
  @Conformance("MSG-09")
  void nullInThePlaceOfArgumentsIsAbsent() throws Exception {
    assertThat(payload(",null")).isSameAs(Payload.EMPTY);
    assertThat(payload(",null,null")).isSameAs(Payload.EMPTY);
    assertThat(slice(payload(",[1],null"))).isEqualTo("[1]");
    assertThat(slice(payload(", null , {\"a\":1}"))).isEqualTo("[],{\"a\":1}");
    Call cbor = (Call) Wire.decode(Serializer.CBOR, Wire.hex("86183001a06170f6a1616101"));
    assertThat(Wire.show(cbor.payload())).isEqualTo("ARGS_KWARGS [] {a: 1}");
  }

  @Test
  @Conformance("MSG-08")
  void whatIsEmptyIsDropped() throws Exception {
    assertThat(payload(",[]")).isSameAs(Payload.EMPTY);
    assertThat(payload(",[],{}")).isSameAs(Payload.EMPTY);
    assertThat(slice(payload(",[1],{}"))).isEqualTo("[1]");
    assertThat(slice(payload(",[],{\"a\":1}"))).isEqualTo("[],{\"a\":1}");
  }

  @Test
  @Conformance({"SER-07", "MSG-11"})
  void payloadIsForwardedOctetByOctet() throws Exception {
    String strange = "[1.50, 1e2,\"\\u0061\", 123456789012345678901234567890] , { \"k\" :1 }";
    assertThat(slice(payload("," + strange))).isEqualTo(strange);
    byte[] tagged = Wire.hex("85183001a0617082c11a514b67b0e0");
    Call call = (Call) Wire.decode(Serializer.CBOR, tagged);
    assertThat(Wire.encode(call, Serializer.CBOR)).isEqualTo(tagged);
    assertThat(call.payload().bytes()).isSameAs(tagged);
  }

  @Test
  @Conformance("SER-04")
  void payloadOfIndefiniteLengthLeavesDefinite() throws Exception {
    byte[] bytes =
        Wire.hex(
            "9f 18 30 01 bf ff 61 70 9f c1 9f ff 7f 61 61 ff f9 3c 00 ff bf 61 6b 5f ff ff ff");
    Call call = (Call) Wire.decode(Serializer.CBOR, bytes);
    assertThat(Wire.encode(call, Serializer.CBOR))
        .isEqualTo(Wire.hex("86 18 30 01 a0 61 70 83 c1 80 61 61 f9 3c 00 a1 61 6b 40"));
  }

  @ParameterizedTest
  @CsvSource({"MSGPACK, 95300180a170c40141", "CBOR, 85183001a061704141"})
  @Conformance("PPT-12")
  void bareBinaryStandsForArguments(Serializer serializer, String hex) throws Exception {
    Call call = (Call) Wire.decode(serializer, Wire.hex(hex));
    assertThat(call.payload().shape()).isEqualTo(Payload.Shape.BINARY);
    assertThat(Wire.encodeToJson(call)).isEqualTo("[48,1,{},\"p\",\"\\u0000QQ==\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[3,{},\"wamp.error.x\"]",
        "[3,{},\"wamp.error.x\",[\"why\"]]",
        "[3,{},\"wamp.error.x\",[\"why\"],{\"a\":1}]"
      })
  @Conformance({"SES-11", "QRK-01"})
  void abortIsReadWithArgumentsAndWrittenWithout(String json) throws Exception {
    assertThat(Wire.encodeToJson(Wire.decode(json))).isEqualTo("[3,{},\"wamp.error.x\"]");
  }

  @Test
  @Conformance("SES-05")
  void helloMayLeaveTheRealmOpen() throws Exception {
    assertThat(((Hello) Wire.decode("[1,null,{\"roles\":{}}]")).realm()).isNull();
  }

  @Test
  void decoderIsReadyForTheNextMessageAfterAViolation() throws Exception {
    MessageDecoder decoder = new MessageDecoder(Serializer.JSON, DecodeLimits.DEFAULT);
    byte[] broken = "[48,1,{\"a\":[[[".getBytes(StandardCharsets.UTF_8);
    byte[] good = "[66,1,2]".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> decoder.decode(broken, 0, broken.length))
        .isInstanceOf(ProtocolViolation.class);
    assertThat(decoder.decode(good, 0, good.length)).isEqualTo(new Unregister(1, 2));
  }

  @ParameterizedTest
  @EnumSource
  void payloadBeyondTheLimitsLeavesTheRestOfTheMessageToldApart(Serializer serializer)
      throws Exception {
    DecodeLimits limits = new DecodeLimits(8, 7, 20);
    MessageDecoder decoder = new MessageDecoder(serializer, limits);
    List<Object> deep = List.of(List.of(List.of(List.of(List.of(List.of(List.of(1L)))))));
    for (Payload payload :
        List.of(
            Payload.encode(serializer, List.of(deep), Map.of()),
            Payload.encode(serializer, List.of(), Map.of("k", deep)),
            Payload.encode(serializer, List.of(1, 2, 3, 4, 5, 6, 7, 8), Map.of()),
            Payload.encode(
                serializer, List.of(1L), Map.of("k", List.of(1, 2, 3, 4, 5, 6, 7, 8))))) {
      for (WampMessage message :
          List.of(
              new Call(7, Options.EMPTY, "com.p", payload),
              new Publish(7, Options.EMPTY, "com.t", payload),
              new Yield(7, Options.EMPTY, payload))) {
        byte[] bytes = Wire.encode(message, serializer);
        assertThatThrownBy(() -> decoder.decode(bytes, 0, bytes.length))
            .isInstanceOfSatisfying(
                PayloadBeyondLimits.class,
                beyond -> assertThat(beyond.received()).isEqualTo(without(message)));
      }
    }
    byte[] good = Wire.encode(new Unregister(1, 2), serializer);
    assertThat(decoder.decode(good, 0, good.length)).isEqualTo(new Unregister(1, 2));
  }

  private static WampMessage without(WampMessage message) {
    if (message instanceof Call call) {
      return new Call(call.request(), call.options(), call.procedure(), Payload.EMPTY);
    } else if (message instanceof Publish publish) {
      return new Publish(publish.request(), publish.options(), publish.topic(), Payload.EMPTY);
    }
    return new Yield(((Yield) message).request(), Options.EMPTY, Payload.EMPTY);
  }

  @Test
  void numberBeyondTheLimitIsToldFromAMessageInDisorder() {
    String number = "9".repeat(1_001);
    assertThatThrownBy(() -> Wire.decode("[48,1,{},\"com.p\",[" + number + "]]"))
        .isInstanceOf(PayloadBeyondLimits.class)
        .hasMessage("payload: a number of more than 1000 characters");
    assertThatThrownBy(() -> Wire.decode("[48,1,{\"x\":" + number + "},\"com.p\"]"))
        .isExactlyInstanceOf(ProtocolViolation.class);
    assertThatThrownBy(() -> Wire.decode("[48,1,{},\"com.p\",[1"))
        .isExactlyInstanceOf(ProtocolViolation.class);
  }

  @Test
  @Conformance("SER-09")
  void whatCannotBeEncodedLeavesNothingBehind() throws Exception {
    ByteSink sink = new ByteSink();
    sink.write('x');
    Payload payload = Payload.encode(Serializer.CBOR, List.of(Double.NaN), Map.of());
    assertThatThrownBy(
            () ->
                MessageEncoder.encode(
                    new Call(1, Options.EMPTY, "com.p", payload), Serializer.JSON, sink))
        .isInstanceOf(UntranslatableException.class);
    assertThat(sink.length()).isEqualTo(1);
  }
}
