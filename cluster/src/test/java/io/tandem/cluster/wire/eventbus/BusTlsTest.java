package io.tandem.cluster.wire.eventbus;

import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.wire.TlsContract;
import io.tandem.cluster.wire.WireLimits;
import io.tandem.cluster.wire.WireNode;

class BusTlsTest extends TlsContract<EventBusWire> {

  @Override
  protected WireNode.Opener<EventBusWire> opener(ClusterKey key) {
    return BusNodes.opener(WireLimits.SILENCE, key);
  }
}
