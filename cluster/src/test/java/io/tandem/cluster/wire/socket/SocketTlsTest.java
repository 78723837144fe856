package io.tandem.cluster.wire.socket;

import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.wire.TlsContract;
import io.tandem.cluster.wire.WireLimits;
import io.tandem.cluster.wire.WireNode;

class SocketTlsTest extends TlsContract<SocketWire> {

  @Override
  protected WireNode.Opener<SocketWire> opener(ClusterKey key) {
    return SocketNodes.opener(WireLimits.SILENCE, key);
  }
}
