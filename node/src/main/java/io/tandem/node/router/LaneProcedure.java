package io.tandem.node.router;

import io.tandem.cluster.delivery.LaneAddress;
import org.jspecify.annotations.Nullable;

/**
 * A procedure that the router's own session of one lane offers to those of all lanes and nodes, and
 * to nobody else. It stands in no record: the URI of a call says where it is.
 *
 * @param incarnation of the node
 * @param name components of its own
 */
public record LaneProcedure(long incarnation, int lane, String name) {

  private static final String PREFIX = "wamp.tandem.lane.";

  /** Stands for the router's own session of the lane that is called: no session has this ID. */
  static final long ROUTER = 0;

  /** What is registered on each lane under this name. */
  public static String offer(String name) {
    return PREFIX + name;
  }

  /** What is called to reach one of them. */
  public static String on(LaneAddress lane, String name) {
    return PREFIX
        + Long.toUnsignedString(lane.node().incarnation())
        + '.'
        + lane.lane()
        + '.'
        + name;
  }

  /** What a call is to, or null where it is to no such procedure. */
  static @Nullable LaneProcedure of(String uri) {
    if (!uri.startsWith(PREFIX)) {
      return null;
    }
    String[] parts = uri.substring(PREFIX.length()).split("\\.", 3);
    try {
      return parts.length < 3
          ? null
          : new LaneProcedure(
              Long.parseUnsignedLong(parts[0]), Integer.parseUnsignedInt(parts[1]), parts[2]);
    } catch (NumberFormatException none) {
      return null;
    }
  }

  static boolean isOne(String uri) {
    return uri.startsWith(PREFIX);
  }
}
