package io.tandem.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.bench.hostile.Credentials;
import io.tandem.bench.octets.Values;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.wire.Serializer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CasesTest {

  private final Credentials joe = new Credentials();

  private Case made(long seed, Target target, long number) {
    return new Cases(seed, target, "realm1", joe).number(number);
  }

  @ParameterizedTest
  @EnumSource
  void seedMakesTheSameCaseOfANumberEachTime(Target target) {
    for (int number = 0; number < 200; number++) {
      assertThat(made(7, target, number).told()).isEqualTo(made(7, target, number).told());
    }
  }

  @ParameterizedTest
  @EnumSource
  void numbersAndSeedsMakeOtherCases(Target target) {
    assertThat(
            IntStream.range(0, 100)
                .mapToObj(number -> String.join("\n", made(7, target, number).told().subList(1, 2)))
                .distinct()
                .count())
        .isGreaterThan(target == Target.AUTHENTICATION ? 5 : 50);
    assertThat(made(7, target, 1).told()).isNotEqualTo(made(8, target, 1).told());
  }

  @Test
  void grammarMakesMessagesOfAllTypesThatClientsSend() {
    Chance chance = Chance.of(1, Target.JSON, 1);
    List<MessageCode> codes =
        IntStream.range(0, 300)
            .mapToObj(i -> new Conversations(chance).draw("realm1"))
            .flatMap(List::stream)
            .map(message -> MessageCode.of(((Number) message.get(0)).longValue()))
            .distinct()
            .toList();

    assertThat(codes)
        .contains(
            MessageCode.HELLO,
            MessageCode.GOODBYE,
            MessageCode.PUBLISH,
            MessageCode.SUBSCRIBE,
            MessageCode.UNSUBSCRIBE,
            MessageCode.CALL,
            MessageCode.CANCEL,
            MessageCode.REGISTER,
            MessageCode.UNREGISTER,
            MessageCode.YIELD,
            MessageCode.ERROR);
  }

  @ParameterizedTest
  @EnumSource
  void grammarHasWordsInEverySerializer(Serializer serializer) {
    Chance chance = Chance.of(2, Target.JSON, 2);
    for (int i = 0; i < 200; i++) {
      for (List<Object> message : new Conversations(chance).draw("realm1")) {
        assertThat(Values.decode(serializer, Values.encode(serializer, message)))
            .hasSameSizeAs(message);
      }
    }
  }

  @Test
  void valueThatIsChangedIsAnotherCopy() {
    ValueChange change = new ValueChange(Chance.of(3, Target.JSON, 3));
    List<Object> message = List.of(48, 1, Map.of("timeout", 5), "com.example");

    assertThat(IntStream.range(0, 100).mapToObj(i -> change.changed(message)).distinct().count())
        .isGreaterThan(30);
    assertThat(message).hasSize(4);
  }
}
