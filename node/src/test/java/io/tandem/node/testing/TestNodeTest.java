package io.tandem.node.testing;

import org.junit.jupiter.api.Test;

class TestNodeTest {

  @Test
  void nodeOfATestServesBothTransports() {
    try (TestNode node = TestNode.start()) {
      node.assertServes();
    }
  }
}
