package io.tandem.bench.hostile;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All that there are. */
public final class Attacks {

  /** In the order in which they are run. */
  public static final List<Attack> ALL =
      Stream.of(
              TransportAttacks.all(),
              TlsAttacks.all(),
              FramingAttacks.all(),
              SerializerAttacks.all(),
              MessageAttacks.all(),
              RoutingAttacks.all(),
              CallAttacks.all(),
              AuthenticationAttacks.all(),
              EdgeAttacks.all())
          .flatMap(Collection::stream)
          .toList();

  private Attacks() {}

  /** The one of this name. */
  public static Optional<Attack> named(String name) {
    return ALL.stream().filter(attack -> attack.name().equals(name)).findFirst();
  }

  /** A line for each, under the name of its group. */
  public static List<String> list() {
    return Stream.of(Group.values())
        .flatMap(
            group ->
                Stream.concat(
                    Stream.of(group.toString()),
                    ALL.stream()
                        .filter(attack -> attack.group() == group)
                        .map(attack -> "  %-26s %s".formatted(attack.name(), attack.words()))))
        .toList();
  }
}
