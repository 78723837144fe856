package io.tandem.node.config;

import io.tandem.node.credentials.Hashes;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A short name for what a configuration says: the same on all nodes that are told the same,
 * wherever in a file it stands. Secrets are left out.
 */
public final class ConfigDigest {

  private static final int OCTETS = 8;

  /** The component that says where in a file a record stands. */
  private static final String PLACE = "place";

  private ConfigDigest() {}

  /** Of what all nodes of a cluster should have alike: the realms. */
  public static String of(NodeConfig config) {
    return digest(config.realms());
  }

  /** Whether both say the same, secrets included. */
  static boolean alike(RealmConfig one, RealmConfig other) {
    return text(one, Secret::value).equals(text(other, Secret::value));
  }

  private static String digest(Object value) {
    byte[] whole = Hashes.sha256(Hashes.utf8(text(value, secret -> "")));
    return HexFormat.of().formatHex(whole, 0, OCTETS);
  }

  private static String text(Object value, Function<Secret, String> shown) {
    if (value instanceof Secret secret) {
      return shown.apply(secret);
    } else if (value instanceof Record record) {
      return record.getClass().getSimpleName() + components(record, shown);
    } else if (value instanceof Collection<?> all) {
      Stream<String> texts = all.stream().map(each -> text(each, shown));
      return (isOrdered(all) ? texts : texts.sorted()).toList().toString();
    }
    String plain = String.valueOf(value);
    return plain.length() + ":" + plain;
  }

  /**
   * Realms and roles are found by their names, and of two rules for one URI the more specific one
   * decides: wherever they stand.
   */
  private static boolean isOrdered(Collection<?> all) {
    return !(all instanceof Set) && all.stream().noneMatch(Record.class::isInstance);
  }

  private static String components(Record record, Function<Secret, String> shown) {
    return Stream.of(record.getClass().getRecordComponents())
        .filter(component -> !component.getName().equals(PLACE))
        .map(component -> component.getName() + "=" + text(read(record, component), shown))
        .collect(Collectors.joining(",", "(", ")"));
  }

  private static Object read(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      Object value = component.getAccessor().invoke(record);
      return value == null ? "" : value;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record of the configuration cannot be read", e);
    }
  }
}
