package io.tandem.node;

import io.tandem.node.config.Endpoint;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of Unix domain sockets. They outlive a process that was killed, and binding one would
 * replace whatever stands there, so that has to be looked at before.
 */
final class UnixSockets {

  private static final Logger LOG = LoggerFactory.getLogger(UnixSockets.class);

  private UnixSockets() {}

  /**
   * Removes a socket file that nobody listens on.
   *
   * @throws IOException when something else stands in the way
   */
  static void makeWay(Endpoint endpoint) throws IOException {
    if (!(endpoint instanceof Endpoint.Unix unix)
        || !Files.exists(unix.path(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!isSocket(unix.path())) {
      throw new IOException("there is a file, and it is no socket");
    }
    if (hasListener(unix.path())) {
      throw new IOException("another process listens there");
    }
    Files.deleteIfExists(unix.path());
  }

  /** Removes the file of a socket that was closed. */
  static void clear(Endpoint endpoint) {
    try {
      makeWay(endpoint);
    } catch (IOException e) {
      LOG.warn("The socket file of {} stays: {}", endpoint, e.getMessage());
    }
  }

  private static boolean isSocket(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther();
  }

  private static boolean hasListener(Path path) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException refused) {
      return false;
    }
  }
}
