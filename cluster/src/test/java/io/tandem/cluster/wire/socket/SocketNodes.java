package io.tandem.cluster.wire.socket;

import io.tandem.cluster.membership.Members;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.cluster.wire.WireNode;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** Nodes whose wire are sockets. */
public final class SocketNodes {

  private SocketNodes() {}

  /**
   * Opens the wire.
   *
   * @param silence after which an accepted connection that brings nothing is closed
   */
  public static WireNode.Opener<SocketWire> opener(Duration silence, ClusterKey key) {
    return (self, port, directory, counts, receiver) -> {
      Vertx vertx = Vertx.vertx(WireNode.options());
      ContextInternal home = WireNode.home(vertx);
      return new WireNode.Opened<>(
          vertx,
          home,
          WireNode.get(
              SocketWire.open(
                  vertx,
                  WireNode.HOST,
                  port,
                  home,
                  List.of(WireNode.home(vertx)),
                  directory::get,
                  counts,
                  Gatekeeper.ofLinks(key, self),
                  receiver,
                  silence)));
    };
  }

  /** A frame as it crosses the wire. */
  public static byte[] framed(byte[] frame) {
    return ByteBuffer.allocate(4 + frame.length).putInt(frame.length).put(frame).array();
  }

  /** Opens the wire of a cluster without a secret. */
  public static WireNode.Opener<SocketWire> opener(Duration silence) {
    return opener(silence, Members.KEY);
  }
}
