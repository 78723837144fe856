package io.tandem.node.ops;

import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.NodeConfig;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** When the certificates end that a node shows. */
public final class Certificates {

  private Certificates() {}

  /** In seconds since 1970, by the listener that shows it, or {@code cluster}. */
  public static Map<String, Long> ends(NodeConfig config) {
    Map<String, Long> ends = new TreeMap<>();
    for (ListenerConfig listener : config.listeners()) {
      put(
          ends,
          listener.endpoint().toString(),
          listener.tls() == null ? null : listener.tls().end());
    }
    ClusterConfig cluster = config.cluster();
    if (cluster != null && cluster.tls() != null) {
      put(ends, "cluster", cluster.tls().end());
    }
    return ends;
  }

  private static void put(Map<String, Long> ends, String of, @Nullable Instant end) {
    if (end != null) {
      ends.put(of, end.getEpochSecond());
    }
  }
}
