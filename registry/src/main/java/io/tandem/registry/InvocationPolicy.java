package io.tandem.registry;

import java.util.Locale;

/** How a dealer picks one callee of a registration (RPC-SHR-05). */
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
  LAST;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The value of {@code Options.invoke}. */
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
      default ->
          throw new IllegalArgumentException(
              "invoke must be single, roundrobin, random, first or last");
    };
  }
}
