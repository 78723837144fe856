package io.tandem.node.testing;

import static io.tandem.node.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.ProcedureHandler;
import io.tandem.client.TransportOptions;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

class TestNodeTest {

  @Test
  void nodeOfATestServesBothTransports() {
    try (TestNode node = TestNode.start()) {
      ClientSession callee = node.join();
      ClientSession caller = node.join(TransportOptions.to(node.rawSocket()));
      ProcedureHandler echo = invocation -> Future.succeededFuture(invocation.arguments());
      await(callee.register("com.example.echo", echo));

      assertThat(await(caller.call("com.example.echo", Arguments.of("hello"))))
          .isEqualTo(Arguments.of("hello"));
    }
  }
}
