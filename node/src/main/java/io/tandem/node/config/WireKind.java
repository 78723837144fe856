package io.tandem.node.config;

import java.util.stream.Stream;

/** What carries events, calls and the registry's log between the nodes of a cluster. */
public enum WireKind {
  /** The clustered event bus of Vert.x. */
  EVENT_BUS,
  /** Plain TCP connections. */
  SOCKET;

  /**
   * The kind of this name, as the configuration has it.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static WireKind of(String name) {
    return Stream.of(values())
        .filter(kind -> kind.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + name + "' is neither event-bus nor socket"));
  }

  /** As the configuration has it. */
  @Override
  public String toString() {
    return Type.nameOf(this);
  }
}
