package io.tandem.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports that nobody listens on, for doors that cannot ask for any free port themselves. */
final class FreePorts {

  private static final int ATTEMPTS = 100;

  private FreePorts() {}

  /** A free port whose next one is free too. Somebody may take them before the caller does. */
  static int pair(String host) {
    for (int i = 0; i < ATTEMPTS; i++) {
      try (ServerSocket first = new ServerSocket()) {
        InetAddress address = InetAddress.getByName(host);
        first.bind(new InetSocketAddress(address, 0));
        int port = first.getLocalPort();
        if (port < 65_535 && isFree(address, port + 1)) {
          return port;
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot listen on " + host, e);
      }
    }
    throw new IllegalStateException("no two free ports in a row on " + host);
  }

  private static boolean isFree(InetAddress address, int port) {
    try (ServerSocket next = new ServerSocket()) {
      next.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
