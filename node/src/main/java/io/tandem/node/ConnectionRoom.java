package io.tandem.node;

import com.sun.management.UnixOperatingSystemMXBean;
import io.tandem.node.config.LimitsConfig;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.NodeConfig;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * How many connections the process has room for. Each takes one of its open files, of which the
 * system allows so many ({@code ulimit -n}): where they are used up no connection can be refused
 * any more, neither a probe answered nor another node reached. And each takes heap, idle as it may
 * be.
 */
final class ConnectionRoom {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionRoom.class);

  /** Open files for probes, other nodes, and what the process opens by itself. */
  static final int RESERVE = 512;

  /** Heap of an idle connection with a session, in octets, rounded up from what was measured. */
  static final int HEAP_EACH = 16 << 10;

  private ConnectionRoom() {}

  /** What the process may open, or more than anybody asks for where that is not known. */
  static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /**
   * The configuration with as many connections on each listener as there is room for. Where that is
   * less than they may have, those that may have few keep them, the others share the rest alike,
   * and a warning tells whoever asked for more.
   *
   * @param openFiles that the process may have
   * @param shares of the heap, one of which is for idle connections
   */
  static NodeConfig fit(NodeConfig config, long openFiles, HeapShares shares) {
    // Of few files half are left for connections.
    long byFiles = Math.max(openFiles / 2, openFiles - RESERVE);
    long byHeap = shares.connections() / HEAP_EACH;
    long usable = Math.min(byFiles, byHeap);
    long wanted =
        config.listeners().stream().mapToLong(each -> each.limits().maxConnections()).sum();
    if (wanted <= usable) {
      return config;
    }
    String why =
        byFiles < byHeap
            ? "the process may have " + openFiles + " open files (ulimit -n)"
            : "a heap of " + (shares.heap() >> 20) + " MiB has room for no more";
    int most = most(config.listeners(), usable);
    List<ListenerConfig> fitting = new ArrayList<>();
    for (ListenerConfig listener : config.listeners()) {
      int connections = listener.limits().maxConnections();
      if (connections > most) {
        boolean asked = connections != LimitsConfig.DEFAULT.maxConnections();
        LOG.atLevel(asked ? Level.WARN : Level.INFO)
            .log(
                "{}: {} connections at most, not {}: {}",
                listener.endpoint(),
                most,
                connections,
                why);
      }
      fitting.add(listener.withMaxConnections(Math.min(connections, most)));
    }
    return config.withListeners(fitting);
  }

  /** What no listener may exceed, so that those that want less have it and the others the rest. */
  private static int most(List<ListenerConfig> listeners, long usable) {
    int[] wanted =
        listeners.stream().mapToInt(each -> each.limits().maxConnections()).sorted().toArray();
    long left = usable;
    int others = wanted.length;
    for (int each : wanted) {
      if (each * (long) others > left) {
        break;
      }
      left -= each;
      others--;
    }
    return (int) Math.max(1, left / Math.max(1, others));
  }
}
