package io.tandem.bench.cluster;

import io.tandem.bench.BenchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** All nodes on 127.0.0.1, with free ports; there is no link that could be cut. */
final class Loopback implements Ground {

  private static final int TRIES = 100;

  private final List<Integer> clusterPorts = new ArrayList<>();

  Loopback(int nodes) {
    while (clusterPorts.size() < nodes) {
      int port = freePair();
      // The pairs of two nodes must not overlap either.
      if (clusterPorts.stream().noneMatch(other -> Math.abs(other - port) < 2)) {
        clusterPorts.add(port);
      }
    }
  }

  @Override
  public String host(int node) {
    return "127.0.0.1";
  }

  @Override
  public int port(int node, Door door) {
    return door == Door.CLUSTER ? clusterPorts.get(node) : 0;
  }

  @Override
  public List<String> placed(List<String> command) {
    return command;
  }

  @Override
  public void admit(int node, Process process) {}

  @Override
  public void cut(List<Way> ways) {
    throw new UnsupportedOperationException("loopback cannot be cut");
  }

  @Override
  public void heal() {}

  /** A free port with a free one behind it: a node needs two for the cluster. */
  private static int freePair() {
    for (int i = 0; i < TRIES; i++) {
      try (ServerSocket first = bound(0);
          ServerSocket second = bound(first.getLocalPort() + 1)) {
        return second.getLocalPort() - 1;
      } catch (IOException | IllegalArgumentException taken) {
        // The next try gets other ports.
      }
    }
    throw new BenchException("no two free ports side by side on 127.0.0.1");
  }

  private static ServerSocket bound(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }
}
