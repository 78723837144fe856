package io.tandem.bench.hostile;

import io.tandem.bench.hostile.Attack.Plot;
import io.tandem.bench.hostile.Raid.Deed;
import java.util.List;
import java.util.stream.Stream;

/** The shapes that most attacks have. */
final class Plots {

  private Plots() {}

  /** Each of the deeds in turns, on a fresh connection each time, as fast as the node answers. */
  static Plot probe(Approach approach, List<Deed> deeds) {
    return raid -> raid.probe(approach, deeds);
  }

  static Plot probe(Approach approach, Deed deed) {
    return probe(approach, List.of(deed));
  }

  /** The same from so many at a time, each of whom reads. */
  static Plot each(int count, Approach approach, Deed deed) {
    return raid -> {
      for (int i = 0; i < count; i++) {
        raid.begin(approach, deed);
      }
    };
  }

  /** The same octets on and on, from so many at a time. */
  static Plot flood(int count, Approach approach, byte[] octets, int atOnce) {
    return raid -> {
      for (int i = 0; i < count; i++) {
        raid.begin(
            approach,
            enemy -> {
              while (raid.goesOn()) {
                enemy.repeat(octets, atOnce);
                raid.spoils().sent(atOnce);
              }
            });
      }
    };
  }

  /** One deed for each, which sends these octets as they are. */
  static List<Deed> octets(byte[]... each) {
    return Stream.of(each).<Deed>map(octets -> enemy -> enemy.write(octets)).toList();
  }

  /** One deed for each, which sends this message as it stands. */
  static List<Deed> messages(String... each) {
    return Stream.of(each).<Deed>map(message -> enemy -> enemy.send(message)).toList();
  }

  /** One deed for each, which sends these octets as a message. */
  static List<Deed> messages(byte[]... each) {
    return Stream.of(each).<Deed>map(message -> enemy -> enemy.send(message)).toList();
  }
}
