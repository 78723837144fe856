package io.tandem.cluster.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;

/**
 * What nodes of a cluster and others may show, and what they believe: all believe its authority.
 */
public final class Certificates {

  private static final ClusterAuthority AUTHORITY = ClusterAuthority.create();
  private static final ClusterAuthority ANOTHER = ClusterAuthority.create();
  private static final Duration DAY = Duration.ofDays(1);

  private Certificates() {}

  /** As a node has it. */
  public static NodeTls valid() {
    return of(AUTHORITY.issue("node", DAY));
  }

  /** As a node had it until an hour ago. */
  public static NodeTls expired() {
    return of(AUTHORITY.issue("node", Duration.ofHours(-1)));
  }

  /** Signed by the authority of another cluster. */
  public static NodeTls ofAnotherAuthority() {
    return of(ANOTHER.issue("node", DAY));
  }

  /** Both sides of a connection whose handshake is over, the one that has begun it first. */
  public static List<SSLEngine> connected() {
    NodeTls tls = valid();
    SSLEngine calls = tls.engine(true);
    SSLEngine answers = tls.engine(false);
    try {
      NodeTls.shake(calls, answers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of(calls, answers);
  }

  private static NodeTls of(ClusterAuthority.Pem shown) {
    try {
      Path directory = Files.createTempDirectory("certificates");
      Path certificate = Files.writeString(directory.resolve("tls.crt"), shown.certificate());
      Path key = Files.writeString(directory.resolve("tls.key"), shown.key());
      Path authority =
          Files.writeString(directory.resolve("ca.crt"), AUTHORITY.pem().certificate());
      NodeTls tls = NodeTls.unchecked(certificate, key, authority);
      for (Path each : new Path[] {certificate, key, authority, directory}) {
        Files.delete(each);
      }
      return tls;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
