package io.tandem.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The dictionaries of messages, with as many keys as the specification may ever name. */
class OptionsTest {

  private static final int MANY = 200;

  @Test
  void keysBeyondTheSixtyFourthAreKeptApart() {
    List<Key<Long>> keys = keys();
    Options options = Options.EMPTY;
    for (int i = MANY - 1; i >= 0; i--) {
      assertThat(options.has(keys.get(i))).as("key %s", i).isFalse();
      options = options.with(keys.get(i), (long) i);
    }
    assertThat(options.size()).isEqualTo(MANY);
    for (int i = 0; i < MANY; i++) {
      assertThat(options.get(keys.get(i))).isEqualTo(i);
    }
  }

  @Test
  void keysStandInOneOrderWhateverTheOrderTheyCameIn() {
    List<Key<Long>> keys = keys();
    Options upwards = Options.EMPTY;
    Options downwards = Options.EMPTY;
    for (int i = 0; i < MANY; i++) {
      upwards = upwards.with(keys.get(i), 1L);
      downwards = downwards.with(keys.get(MANY - 1 - i), 1L);
    }
    assertThat(upwards).isEqualTo(downwards).hasSameHashCodeAs(downwards);
    List<Key<?>> seen = new ArrayList<>();
    downwards.forEach((key, value) -> seen.add(key));
    assertThat(seen).isEqualTo(keys);
  }

  @Test
  void keyIsReplacedAndTakenAwayWithoutTheOthers() {
    List<Key<Long>> keys = keys();
    Options options = Options.of(keys.get(1), 1L).with(keys.get(65), 65L).with(keys.get(129), 129L);
    assertThat(options.with(keys.get(65), 7L).without(keys.get(1)).toMap())
        .containsEntry("key65", 7L)
        .containsEntry("key129", 129L)
        .hasSize(2);
    assertThat(options.without(keys.get(129)).without(keys.get(2)).size()).isEqualTo(2);
    assertThat(options.without(keys.get(1)).without(keys.get(65)).without(keys.get(129)))
        .isEqualTo(Options.EMPTY);
  }

  private static List<Key<Long>> keys() {
    List<Key<Long>> keys = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      keys.add(new Key<>("key" + i, Key.Type.INTEGER, List.of(), i));
    }
    return keys;
  }
}
