package io.tandem.node;

import io.tandem.node.config.Endpoint;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of Unix domain sockets, which outlive a process that was killed. */
final class UnixSockets {

  private static final Logger LOG = LoggerFactory.getLogger(UnixSockets.class);

  private UnixSockets() {}

  /** Removes a socket file that nobody listens on; anything else is left alone. */
  static void clear(Endpoint endpoint) {
    if (endpoint instanceof Endpoint.Unix unix && isAbandoned(unix.path())) {
      try {
        Files.deleteIfExists(unix.path());
      } catch (IOException e) {
        LOG.warn("Cannot remove the socket file {}: {}", unix.path(), e.toString());
      }
    }
  }

  private static boolean isAbandoned(Path path) {
    if (!Files.exists(path) || Files.isRegularFile(path) || Files.isDirectory(path)) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      return false;
    } catch (IOException refused) {
      return true;
    }
  }
}
