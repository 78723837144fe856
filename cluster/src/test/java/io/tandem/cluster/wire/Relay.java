package io.tandem.cluster.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stands between nodes, hands everything on, and remembers what they say. */
final class Relay implements AutoCloseable {

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream(); // which is synchronized
  private final int to;

  Relay(int to) throws IOException {
    this.to = to;
    daemon(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  byte[] seen() {
    return seen.toByteArray();
  }

  private void accept() throws IOException {
    while (true) {
      Socket from = server.accept();
      Socket there = new Socket(InetAddress.getLoopbackAddress(), to);
      sockets.add(from);
      sockets.add(there);
      daemon(() -> copy(from.getInputStream(), there.getOutputStream()));
      daemon(() -> copy(there.getInputStream(), from.getOutputStream()));
    }
  }

  private void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      seen.write(buffer, 0, n);
      out.write(buffer, 0, n);
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void daemon(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException closed) {
                // the end
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : sockets) {
      each.close();
    }
  }
}
