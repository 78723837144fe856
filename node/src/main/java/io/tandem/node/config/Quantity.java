package io.tandem.node.config;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kind of whole numbers with units, as configurations write them: {@code 500ms}, {@code 1MiB}.
 *
 * @param units from the smallest up; amounts count in the first
 * @param zeroUnit the unit that zero is written in
 */
record Quantity(List<Unit> units, String zeroUnit) {

  /** In milliseconds. */
  static final Quantity DURATION =
      new Quantity(
          List.of(
              new Unit("ms", 1),
              new Unit("s", 1_000),
              new Unit("m", 60_000),
              new Unit("h", 3_600_000)),
          "s");

  /** In bytes. */
  static final Quantity SIZE =
      new Quantity(
          List.of(
              new Unit("B", 1),
              new Unit("KiB", 1 << 10),
              new Unit("MiB", 1 << 20),
              new Unit("GiB", 1 << 30)),
          "B");

  /** At most nine digits: no unit can carry them beyond a long. */
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([A-Za-z]+)");

  /** A unit and how many of the smallest it is. */
  record Unit(String name, long size) {}

  /** The amount in the smallest unit, or nothing when the text has another form. */
  OptionalLong parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return OptionalLong.empty();
    }
    return units.stream()
        .filter(unit -> unit.name.equals(form.group(2)))
        .mapToLong(unit -> Long.parseLong(form.group(1)) * unit.size)
        .findFirst();
  }

  /** The text in the largest unit that leaves a whole number. */
  String format(long amount) {
    if (amount == 0) {
      return "0" + zeroUnit;
    }
    Unit best = units.get(0);
    for (Unit unit : units) {
      best = amount % unit.size == 0 ? unit : best;
    }
    return amount / best.size + best.name;
  }
}
