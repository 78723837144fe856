package io.tandem.node.config;

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
    return switch (name) {
      case "event-bus" -> EVENT_BUS;
      case "socket" -> SOCKET;
      default ->
          throw new IllegalArgumentException("'" + name + "' is neither event-bus nor socket");
    };
  }
}
