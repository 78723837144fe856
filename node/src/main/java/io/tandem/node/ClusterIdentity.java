package io.tandem.node;

import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.proof.NodeTls;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.ClusterTlsConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one life of a node proves to the others of its cluster: the secret that it knows and the
 * certificate that it shows, which may be renewed. Any thread.
 */
final class ClusterIdentity {

  private final ClusterConfig config;
  private volatile @Nullable ClusterTlsConfig files;
  private volatile @Nullable NodeTls shown;

  ClusterIdentity(ClusterConfig config) {
    this.config = config;
    this.files = config.tls();
  }

  /**
   * Makes the key and reads the certificate; blocks. Asked for once.
   *
   * @throws CannotJoinException when the certificate cannot be used
   */
  ClusterKey key() {
    ClusterKey key = ClusterKey.of(config.secret() == null ? "" : config.secret().value());
    ClusterTlsConfig tls = files;
    if (tls == null) {
      return key;
    }
    NodeTls read = read(tls);
    shown = read;
    return key.within(read);
  }

  private static NodeTls read(ClusterTlsConfig tls) {
    try {
      return NodeTls.of(tls.certificate(), tls.key(), tls.ca());
    } catch (IOException unusable) {
      throw new CannotJoinException(
          new IOException(
              "the files of cluster.tls cannot be used: " + unusable.getMessage(), unusable));
    }
  }

  /** Whether that configuration has other certificates than are shown now. */
  boolean isRenewedBy(@Nullable ClusterConfig changed) {
    return changed != null && !Objects.equals(changed.tls(), files);
  }

  /**
   * Reads other certificates; fails when they cannot be used.
   *
   * @return shows them on connections that are made from then on
   */
  Future<Runnable> renewal(Vertx vertx, @Nullable ClusterConfig changed) {
    NodeTls now = shown;
    ClusterTlsConfig next = changed == null ? null : changed.tls();
    if (now == null || next == null || next.equals(files)) {
      return Future.succeededFuture(() -> {});
    }
    return vertx.executeBlocking(
        () -> {
          NodeTls read = read(next);
          return () -> {
            now.become(read);
            files = next;
          };
        });
  }
}
