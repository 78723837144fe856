package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tandem.testing.Patience;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a text may cost, and that no text does worse than to be refused. */
class DocumentTest {

  private static final int ROUNDS = 1_000;

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "a:\n ", "!t [", "&a [", "'", "\"", "|\n", "%"})
  void repetitionUpToTheLimitIsRefusedInTime(String piece) {
    String text = piece.repeat(Configurations.MAX_FILE_SIZE / piece.length());
    assertTimeoutPreemptively(Patience.LIMIT, () -> assertThat(Yaml.problems(text)).isNotEmpty());
  }

  @Test
  void deepNestingNamesThePlace() {
    assertThat(Yaml.problems("a:\n  " + "[".repeat(50)))
        .containsExactly("node.yaml:2: nested more than 32 deep");
  }

  @Test
  void aliasBombIsRefusedBeforeItGoesOff() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      String alias = "*a" + (i - 1);
      bomb.append("a%d: &a%d [%s".formatted(i, i, alias))
          .append((", " + alias).repeat(8))
          .append("]\n");
    }
    assertThat(Yaml.problems(bomb.toString()))
        .containsExactly("node.yaml:6: more than 100000 values, aliases followed");
  }

  @Test
  void sharedListenersAreCountedAsOftenAsTheyAreUsed() {
    String listeners = "listeners:\n - &l {path: /ws}\n" + " - *l\n".repeat(40_000);
    assertThat(Yaml.problems(listeners))
        .containsExactly("node.yaml:33334: more than 100000 values, aliases followed");
  }

  @Test
  void aliasInsideOfItselfIsRefused() {
    assertThat(Yaml.problems("listeners: &l\n  - *l\n"))
        .containsExactly("node.yaml:2: an alias inside of what it stands for");
  }

  @Test
  void arbitraryTextGivesAConfigurationOrProblems() {
    long seed = System.nanoTime();
    System.out.println("DocumentTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      check(seed, arbitrary(random));
    }
  }

  @Test
  void damagedConfigurationGivesAConfigurationOrProblems() {
    long seed = System.nanoTime();
    System.out.println("DocumentTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      check(seed, damaged(random));
    }
  }

  private static void check(long seed, String text) {
    try {
      assertThat(Yaml.config(text).listeners()).isNotEmpty();
    } catch (ConfigurationException e) {
      assertThat(e.problems()).isNotEmpty();
      assertThat(e.problems()).allMatch(problem -> problem.line() >= 1 && problem.column() >= 1);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + seed + ": " + e + " for text:\n" + text, e);
    }
  }

  private static final String[] PIECES = {
    "listeners",
    "realms",
    "name",
    "roles",
    "uri",
    ": ",
    ":",
    "\n",
    "\n  ",
    "\n    ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&a ",
    "*a",
    "!t ",
    "!!str ",
    "!<x>",
    "<<",
    "|",
    ">-",
    "'",
    "\"",
    "\\",
    "\\x",
    "#",
    "%YAML 1.2",
    "%TAG ! x",
    "---",
    "...",
    "null",
    "~",
    "1",
    "0x1F",
    "5s",
    "1MiB",
    "true",
    "\t",
    "\r",
    "\u0085",
    "\u2028",
    "\uFEFF",
    "\uD800",
    "\uDC00",
    "\u0000",
    "é",
    "😀",
    "? ",
    "@",
    "`"
  };

  private static String arbitrary(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private static String damaged(Random random) {
    StringBuilder text = new StringBuilder(EveryKey.YAML);
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int from = random.nextInt(text.length());
      int to = Math.min(text.length(), from + random.nextInt(6));
      text.replace(from, to, random.nextBoolean() ? "" : PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
