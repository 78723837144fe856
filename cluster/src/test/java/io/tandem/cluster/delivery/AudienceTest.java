package io.tandem.cluster.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may receive a publication, when the lists are made to be slow. */
class AudienceTest {

  /** In a set that is searched from the hash code's place on, these would take many minutes. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void aMillionSessionsOfOneHashCodeAreListedInTimeThatIsNotQuadratic() {
    List<Long> sessions = LongStream.range(1, 1_000_000).map(i -> i << 32 | i).boxed().toList();
    assertThat(sessions.stream().limit(1_000).map(Object::hashCode).distinct()).hasSize(1);
    Audience eligible = audience(Options.of(Keys.ELIGIBLE, sessions));
    Audience excluded = audience(Options.of(Keys.EXCLUDE, sessions));
    for (int i = 0; i < 1_000; i++) {
      assertThat(includes(eligible, sessions.get(i * 999))).isTrue();
      assertThat(includes(excluded, sessions.get(i * 999))).isFalse();
      assertThat(includes(eligible, sessions.get(i * 999) + 1)).isFalse();
      assertThat(includes(excluded, sessions.get(i * 999) + 1)).isTrue();
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void namesOfOneHashCodeAreListedInTimeThatIsNotQuadratic() {
    List<String> names = List.of("");
    for (int i = 0; i < 18; i++) {
      names = names.stream().flatMap(name -> List.of(name + "Aa", name + "BB").stream()).toList();
    }
    assertThat(names.stream().map(String::hashCode).distinct()).hasSize(1);
    Audience audience =
        audience(Options.of(Keys.ELIGIBLE_AUTHID, names).with(Keys.EXCLUDE_AUTHROLE, names));
    assertThat(audience.includes(1, names.get(77), "user")).isTrue();
    assertThat(audience.includes(1, "somebody", "user")).isFalse();
    assertThat(audience.includes(1, names.get(77), names.get(78))).isFalse();
  }

  private static Audience audience(Options options) {
    return Audience.of(7, options);
  }

  private static boolean includes(Audience audience, long session) {
    return audience.includes(session, "somebody", "user");
  }
}
