package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.testing.Conformance;
import org.junit.jupiter.api.Test;

class CloseCodesTest {

  @Test
  @Conformance("WS-07")
  void closeCodeTellsAGoodbyeAViolationAndTheEndOfTheNodeApart() {
    TestNode node =
        TestNode.start(
            TestNode.LISTENER
                + "    timeouts: {nextHello: 100ms}\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 1\n");
    try (WampClient polite = Way.WEBSOCKET.join(node);
        WampClient rude = Way.WEBSOCKET.join(node);
        WampClient last = Way.WEBSOCKET.join(node)) {
      polite.say("[6,{},\"wamp.close.normal\"]");
      assertThat(polite.hear()).isEqualTo("[6,{},\"wamp.close.goodbye_and_out\"]");
      polite.expectEnd(1000);
      rude.say("[2,1,{}]");
      assertThat(rude.hear()).endsWith("\"wamp.error.protocol_violation\"]");
      rude.expectEnd(1002);
      Thread ending = new Thread(node::close, "ends the node");
      ending.start();
      last.expectEnd(1001);
    }
  }
}
