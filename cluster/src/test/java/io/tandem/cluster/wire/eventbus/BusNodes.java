package io.tandem.cluster.wire.eventbus;

import io.tandem.cluster.link.Wire;
import io.tandem.cluster.membership.Members;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.cluster.wire.WireNode;
import io.tandem.registry.NodeId;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.List;

/** Nodes whose wire is the event bus. */
public final class BusNodes {

  /** The bus's number of the codec of octets. */
  private static final int OCTETS = 12;

  private BusNodes() {}

  /**
   * Opens the wire.
   *
   * @param silence after which an accepted connection that brings nothing is closed
   */
  public static WireNode.Opener<EventBusWire> opener(Duration silence, ClusterKey key) {
    return (self, port, directory, counts, receiver) -> {
      EventBusWire.Clustered clustered =
          WireNode.get(
              EventBusWire.start(
                  WireNode.options(),
                  self,
                  WireNode.HOST,
                  port,
                  directory::get,
                  counts,
                  Gatekeeper.ofLinks(key, self),
                  silence));
      ContextInternal home = clustered.home();
      return new WireNode.Opened<>(
          clustered.vertx(),
          home,
          WireNode.get(clustered.open(home, List.of(WireNode.home(clustered.vertx())), receiver)));
    };
  }

  /** A frame as it crosses the wire. */
  public static byte[] framed(NodeId from, NodeId to, byte[] frame) {
    return BusMessages.of(
        OCTETS, BusAddress.of(to, Wire.NODE), "", BusAddress.of(from, Wire.NODE), frame);
  }

  /** Opens the wire of a cluster without a secret. */
  public static WireNode.Opener<EventBusWire> opener(Duration silence) {
    return opener(silence, Members.KEY);
  }
}
