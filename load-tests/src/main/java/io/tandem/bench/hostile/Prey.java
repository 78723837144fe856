package io.tandem.bench.hostile;

import java.util.Map;
import java.util.Objects;

/** The node that is attacked. */
public record Prey(String host, Map<Door, Integer> ports, String realm) {

  /** The realm that only those may join who prove who they are. */
  public static final String GUARDED = "com.guarded";

  int port(Door door) {
    return Objects.requireNonNull(ports.get(door), () -> "no port for " + door);
  }

  String authority(Door door) {
    return host + ":" + port(door);
  }
}
