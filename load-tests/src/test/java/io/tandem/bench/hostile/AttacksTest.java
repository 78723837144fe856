package io.tandem.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttacksTest {

  @Test
  void eachHasANameOfItsOwn() {
    assertThat(Attacks.ALL).extracting(Attack::name).doesNotHaveDuplicates();
  }

  @Test
  void namesAreTypedWithoutQuotes() {
    assertThat(Attacks.ALL).allMatch(attack -> attack.name().matches("[a-z0-9]+(-[a-z0-9]+)*"));
  }

  @Test
  void eachGroupHasAttacks() {
    assertThat(Attacks.ALL).extracting(Attack::group).contains(Group.values());
  }

  @Test
  void listHasALineForEachAttackBelowItsGroup() {
    List<String> list = Attacks.list();

    assertThat(list).hasSize(Attacks.ALL.size() + Group.values().length);
    assertThat(list.indexOf("framing"))
        .isLessThan(indexOf(list, "  pings "))
        .isGreaterThan(indexOf(list, "  knocking "));
  }

  private static int indexOf(List<String> list, String beginning) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).startsWith(beginning)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void fateIsMissedByASingleOtherWord() {
    assertThat(Fate.told("a", "b").missed(Map.of("a", 3L))).isNull();
    assertThat(Fate.told("a", "b").missed(Map.of("a", 3L, "c", 1L))).contains("[c]");
  }

  @Test
  void sureFateIsMissedBySilence() {
    assertThat(Fate.told("a").missed(Map.of())).contains("no attacker was told a");
    assertThat(Fate.perhaps("a").missed(Map.of())).isNull();
  }

  @Test
  void whoIsServedIsRefusedNothing() {
    assertThat(Fate.served().missed(Map.of())).isNull();
    assertThat(Fate.served().missed(Map.of("end", 1L))).contains("[end]");
  }
}
