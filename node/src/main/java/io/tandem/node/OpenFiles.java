package io.tandem.node;

import com.sun.management.UnixOperatingSystemMXBean;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.NodeConfig;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections the process may have: each takes one of its open files, of which the system
 * allows so many ({@code ulimit -n}). Where they are used up no connection can be refused any more,
 * neither a probe answered nor another node reached.
 */
final class OpenFiles {

  private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

  /** For probes, other nodes, and what the process opens by itself. */
  static final int RESERVE = 512;

  private OpenFiles() {}

  /** What the process may open, or more than anybody asks for where that is not known. */
  static long limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /**
   * The configuration with as many connections on each listener as the open files allow; where
   * these are fewer than configured they are shared out in proportion, and a warning tells.
   */
  static NodeConfig fit(NodeConfig config, long limit) {
    // Of few files half are left for connections.
    long usable = Math.max(limit / 2, limit - RESERVE);
    long wanted =
        config.listeners().stream().mapToLong(each -> each.limits().maxConnections()).sum();
    if (wanted <= usable) {
      return config;
    }
    List<ListenerConfig> fitting = new ArrayList<>();
    for (ListenerConfig listener : config.listeners()) {
      int connections = listener.limits().maxConnections();
      int fewer = (int) Math.max(1, connections * usable / wanted);
      LOG.warn(
          "{}: of maxConnections {} only {} are granted, since the process may have {} open files"
              + " (ulimit -n)",
          listener.endpoint(),
          connections,
          fewer,
          limit);
      fitting.add(listener.withMaxConnections(fewer));
    }
    return config.withListeners(fitting);
  }
}
