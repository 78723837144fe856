package io.tandem.registry;

import java.util.Locale;

/**
 * How a dealer picks one callee of a registration (RPC-SHR-05). The last two are extensions: the
 * specification does not know them, nor do nodes of an earlier release, which take them for {@link
 * #ROUNDROBIN}.
 */
public enum InvocationPolicy {
  /** There is one callee only; further ones are refused. */
  SINGLE,
  /** One after the other, in the order of registration. */
  ROUNDROBIN,
  /** Any, independently for every call. */
  RANDOM,
  /** The oldest still present. */
  FIRST,
  /** The newest still present. */
  LAST,
  /** The one to which this node's callers have the fewest calls under way. */
  LEAST_BUSY,
  /** For calls with the same key the same one, on every node, for as long as it is there. */
  STICKY;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The value of {@code Options.invoke}, or of {@code Options._invoke} for an extension. */
  public String wireName() {
    return wireName;
  }

  /**
   * The policy with this name.
   *
   * @throws IllegalArgumentException for any other string
   */
  public static InvocationPolicy of(String wireName) {
    return switch (wireName) {
      case "single" -> SINGLE;
      case "roundrobin" -> ROUNDROBIN;
      case "random" -> RANDOM;
      case "first" -> FIRST;
      case "last" -> LAST;
      case "least_busy" -> LEAST_BUSY;
      case "sticky" -> STICKY;
      default ->
          throw new IllegalArgumentException(
              "invoke must be single, roundrobin, random, first or last");
    };
  }

  /** What those take it for who do not know it; itself where everybody does. */
  public InvocationPolicy specified() {
    return this == LEAST_BUSY || this == STICKY ? ROUNDROBIN : this;
  }
}
