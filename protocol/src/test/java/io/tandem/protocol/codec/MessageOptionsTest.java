package io.tandem.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Interrupt;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Key;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options and details of messages: which keys count, and which values. */
class MessageOptionsTest {

  @Test
  @Conformance({"MSG-05", "MSG-06"})
  void unknownKeysAreSkippedAndNotForwarded() throws Exception {
    Publish publish =
        (Publish)
            Wire.decode(
                "[16,1,{\"x_mine\":[1,{\"a\":null}],\"rkey\":5,\"acknowledge\":true,\"_own\":{}},"
                    + "\"com.t\"]");
    assertThat(publish.options()).isEqualTo(Options.of(Keys.ACKNOWLEDGE, true));
    assertThat(Wire.encodeToJson(publish)).isEqualTo("[16,1,{\"acknowledge\":true},\"com.t\"]");
  }

  /** What wampy sends when its user names no match policy, in each serializer. */
  @ParameterizedTest
  @CsvSource({
    "JSON,    5b33322c312c7b226d61746368223a6e756c6c7d2c22636f6d2e74225d", // null
    "MSGPACK, 942001de0001a56d61746368d40000a5636f6d2e74", // msgpackr's extension for undefined
    "CBOR,    84182001b90001656d61746368f765636f6d2e74", // undefined
  })
  @Conformance("MSG-07")
  void optionWithoutAValueCountsAsAbsent(Serializer serializer, String message) throws Exception {
    Subscribe subscribe = (Subscribe) Wire.decode(serializer, Wire.hex(message));
    assertThat(subscribe.options()).isSameAs(Options.EMPTY);
  }

  /** Somebody else may have named his own so. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[64,1,{\"_invoke\":\"by_weight\",\"match\":\"exact\"},\"com.p\"]",
        "[64,1,{\"_invoke\":{\"policy\":[1,{}]},\"match\":\"exact\"},\"com.p\"]",
        "[64,1,{\"_invoke\":7,\"match\":\"exact\"},\"com.p\"]",
        "[64,1,{\"_invoke\":null,\"match\":\"exact\"},\"com.p\"]"
      })
  @Conformance({"MSG-05", "MSG-06"})
  void valueOfAnImplementationsKeyThatIsNoneOfOursIsUnknown(String json) throws Exception {
    Register register = (Register) Wire.decode(json);
    assertThat(register.options()).isEqualTo(Options.of(Keys.MATCH, "exact"));
    assertThat(register.procedure()).isEqualTo("com.p");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_traceparent", "_tracestate", "_sticky_key"})
  @Conformance({"MSG-05", "MSG-06"})
  void noValueOfAnImplementationsKeyIsAnError(String key) throws Exception {
    for (String value : new String[] {"5", "1.5", "true", "null", "[[]]", "{\"a\":[1]}"}) {
      Call call =
          (Call) Wire.decode("[48,1,{\"" + key + "\":" + value + ",\"timeout\":7},\"com.p\"]");
      assertThat(call.options()).isEqualTo(Options.of(Keys.TIMEOUT, 7L));
    }
    Call call = (Call) Wire.decode("[48,1,{\"" + key + "\":\"ours\"},\"com.p\"]");
    assertThat(call.options().size()).isEqualTo(1);
  }

  /** The tag of CBOR stands before a value that is none of ours. */
  @Test
  @Conformance("MSG-05")
  void octetsAreNoValueOfOurs() throws Exception {
    byte[] tagged = Wire.hex("84183001a16c5f7472616365706172656e74d8404101" + "65636f6d2e70");
    assertThat(((Call) Wire.decode(Serializer.CBOR, tagged)).options()).isSameAs(Options.EMPTY);
  }

  @Test
  @Conformance("MSG-05")
  void keyOfAnotherMessageIsUnknown() throws Exception {
    Subscribe subscribe = (Subscribe) Wire.decode("[32,1,{\"acknowledge\":\"no bool\"},\"com.t\"]");
    assertThat(subscribe.options()).isSameAs(Options.EMPTY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[48,1,{\"timeout\":-1},\"p\"]             | CALL.timeout must be zero or more",
        "[48,1,{\"timeout\":1.5},\"p\"]            | CALL.timeout must be an integer",
        "[48,1,{\"receive_progress\":1},\"p\"]     | CALL.receive_progress must be a boolean",
        "[64,1,{\"invoke\":\"all\"},\"p\"]         | REGISTER.invoke must be one of single,",
        "[49,1,{\"mode\":\"abort\"}]               | CANCEL.mode must be one of skip,",
        "[1,\"r\",{\"roles\":[]}]                  | HELLO.roles must be a dictionary",
        "[1,\"r\",{\"roles\":{\"caller\":1}}]      | HELLO.roles must be a dictionary of dict",
        "[1,\"r\",{\"authmethods\":\"ticket\"}]    | HELLO.authmethods must be a list",
        "[1,\"r\",{\"authmethods\":[1]}]           | HELLO.authmethods must be a list of strings",
        "[1,\"r\",{\"authextra\":\"x\"}]           | HELLO.authextra must be a dictionary",
        "[16,1,{\"exclude\":[1,\"a\"]},\"t\"]      | PUBLISH.exclude must be a list of integers",
        "[16,1,{\"forward_for\":[{}]},\"t\"]       | PUBLISH.forward_for must be a list of dict",
        "[16,1,{\"forward_for\":[1]},\"t\"]        | PUBLISH.forward_for must be a dictionary",
      })
  @Conformance({"MSG-02", "MSG-07"})
  void knownKeyOfTheWrongTypeIsRefusedByName(String json, String message) {
    assertThatThrownBy(() -> Wire.decode(json))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[48,1,{\"timeout\":1,\"timeout\":1},\"p\"]",
        "[48,1,{\"x_a\":1,\"x_b\":2,\"x_a\":1},\"p\"]",
        "[1,\"r\",{\"roles\":{\"caller\":{},\"caller\":{}}}]",
        "[5,\"s\",{\"a\":1,\"a\":1}]",
        "[32,1,{\"match\":null,\"match\":\"prefix\"},\"com.t\"]",
        "[32,1,{\"match\":\"prefix\",\"match\":null},\"com.t\"]",
        "[48,1,{\"_traceparent\":5,\"_traceparent\":\"00\"},\"p\"]",
        "[48,1,{\"_traceparent\":\"00\",\"_traceparent\":5},\"p\"]"
      })
  @Conformance("SER-02")
  void keyThatStandsTwiceInOptionsIsRefused(String json) {
    assertThatThrownBy(() -> Wire.decode(json))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessageContaining("twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[48,1,null,\"com.a\"]",
        "[16,1,[],\"com.a\"]",
        "[70,1,null]",
        "[8,68,1,null,\"com.e\"]",
        "[49,1,null]",
        "[32,1,null,\"com.a\"]",
        "[64,1,null,\"com.a\"]",
        "[1,\"com.r\",null]",
        "[6,null,\"com.why\"]",
        "[3,null,\"com.why\"]"
      })
  @Conformance("MSG-09")
  void nullIsNoDictionary(String json) {
    assertThatThrownBy(() -> Wire.decode(json))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessageContaining("dictionary");
  }

  @Test
  @Conformance({"MSG-09", "QRK-14"})
  void dictionaryIsWrittenThoughItIsEmpty() throws Exception {
    Payload keywords = ((Call) Wire.decode("[48,1,{},\"p\",[],{\"k\":1}]")).payload();
    Options none = Options.EMPTY;
    assertThat(Wire.encodeToJson(new Welcome(1, none))).isEqualTo("[2,1,{}]");
    assertThat(Wire.encodeToJson(new Abort(none, "u", Payload.EMPTY))).isEqualTo("[3,{},\"u\"]");
    assertThat(Wire.encodeToJson(new Challenge("m", Map.of()))).isEqualTo("[4,\"m\",{}]");
    assertThat(Wire.encodeToJson(new Goodbye(none, "u"))).isEqualTo("[6,{},\"u\"]");
    assertThat(Wire.encodeToJson(new Interrupt(1, none))).isEqualTo("[69,1,{}]");
    assertThat(Wire.encodeToJson(new ErrorMessage(MessageCode.CALL, 1, none, "u", Payload.EMPTY)))
        .isEqualTo("[8,48,1,{},\"u\"]");
    assertThat(Wire.encodeToJson(new ErrorMessage(MessageCode.CALL, 1, none, "u", keywords)))
        .isEqualTo("[8,48,1,{},\"u\",[],{\"k\":1}]");
    assertThat(Wire.encodeToJson(new Event(1, 2, none, Payload.EMPTY))).isEqualTo("[36,1,2,{}]");
    assertThat(Wire.encodeToJson(new Event(1, 2, none, keywords)))
        .isEqualTo("[36,1,2,{},[],{\"k\":1}]");
    assertThat(Wire.encodeToJson(new Result(1, none, Payload.EMPTY))).isEqualTo("[50,1,{}]");
    assertThat(Wire.encodeToJson(new Result(1, none, keywords)))
        .isEqualTo("[50,1,{},[],{\"k\":1}]");
    assertThat(Wire.encodeToJson(new Invocation(1, 2, none, Payload.EMPTY)))
        .isEqualTo("[68,1,2,{}]");
    assertThat(Wire.encodeToJson(new Invocation(1, 2, none, keywords)))
        .isEqualTo("[68,1,2,{},[],{\"k\":1}]");
  }

  @Test
  @Conformance("MSG-06")
  void everyKeyHasANameByTheRules() {
    for (MessageCode code : MessageCode.values()) {
      assertThat(Keys.of(code).keySet())
          .allMatch(name -> name.matches("[a-z][a-z0-9_]{2,}|_[a-z0-9_]{3,}"));
      assertThat(Keys.of(code).values())
          .filteredOn(Key::isOfImplementation)
          .allMatch(key -> key.type() == Key.Type.STRING);
    }
  }

  /** Each would take a hundred times its length in memory, before anybody can ask what for. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1,\"realm1\",{\"roles\":{\"caller\":{\"x\":[VALUES]}}}]",
        "[1,\"realm1\",{\"roles\":{\"caller\":{}},\"authextra\":{\"x\":[VALUES]}}]",
        "[5,\"signature\",{\"x\":[VALUES]}]",
        "[48,1,{\"forward_for\":[{\"session\":1,\"authid\":\"\",\"authrole\":\"\",\"x\":[VALUES]}]},"
            + "\"com.p\"]"
      })
  void dictionaryOfTheProtocolHasFewValues(String message) throws Exception {
    Wire.decode(message.replace("VALUES", "{}" + ",{}".repeat(3_999)));
    assertThatThrownBy(() -> Wire.decode(message.replace("VALUES", "{}" + ",{}".repeat(5_000))))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("a dictionary of more than 4096 values");
  }

  @Test
  void unknownOptionsAreFew() throws Exception {
    String options =
        IntStream.range(0, 4_096)
            .mapToObj(i -> "\"x" + i + "\":0")
            .collect(Collectors.joining(","));
    Wire.decode("[32,1,{" + options + "},\"com.topic\"]");
    assertThatThrownBy(() -> Wire.decode("[32,1,{" + options + ",\"y\":0},\"com.topic\"]"))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("more than 4096 unknown keys");
  }
}
