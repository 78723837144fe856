package io.tandem.node;

import io.tandem.node.config.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.random.RandomGenerator;

/**
 * Ports that nobody listens on, for doors that cannot ask for any free port themselves.
 *
 * <p>They are none of those that systems hand out by themselves, to listeners on port 0 and to
 * outgoing connections: on a busy machine one in a hundred of these was taken again before the node
 * listened, a second or two later.
 */
final class FreePorts {

  private static final int LOWEST = 20_000;

  /** Where the range of outgoing connections begins on Linux; elsewhere it begins above. */
  private static final int BOUND = 32_768;

  /** Below, only the system's own may listen, as a rule. */
  private static final int FOR_ALL = 1_024;

  private static final int ATTEMPTS = 100;

  private static final int ANSWER_MILLIS = 1_000;

  private FreePorts() {}

  /** A free port whose next one is free too. Somebody may take them before the caller does. */
  static int pair(String host) {
    InetAddress address = ours(host);
    RandomGenerator random = RandomGenerator.getDefault();
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = random.nextInt(LOWEST, BOUND - 1);
      if (isFree(address, port) && isFree(address, port + 1)) {
        return port;
      }
    }
    throw new IllegalStateException("no two free ports in a row on " + host);
  }

  /**
   * Whether somebody has the port of the endpoint, on its address or, where that is any, on one of
   * the machine's; blocks for a second at most.
   */
  static boolean isTaken(Endpoint endpoint) {
    if (!(endpoint instanceof Endpoint.Tcp tcp)) {
      return false;
    }
    try {
      InetAddress address = InetAddress.getByName(tcp.address());
      // Where another port can be had and this one cannot: those of the system are not for all.
      return somebodyListens(tcp.isAny() ? InetAddress.getLoopbackAddress() : address, tcp.port())
          || (tcp.port() >= FOR_ALL && isFree(address, 0) && !isFree(address, tcp.port()));
    } catch (UnknownHostException nobody) {
      return false;
    }
  }

  private static boolean somebodyListens(InetAddress address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), ANSWER_MILLIS);
      return true;
    } catch (IOException nobody) {
      return false;
    }
  }

  private static InetAddress ours(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      new ServerSocket(0, 1, address).close();
      return address;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + host, e);
    }
  }

  private static boolean isFree(InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
