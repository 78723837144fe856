package io.tandem.client;

import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.DrivesVertx;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of a client whose router does what they say, over WebSocket in JSON. */
@DrivesVertx
public abstract class AgainstScriptedRouter {

  protected Vertx vertx;
  protected ScriptedRouter router;

  @BeforeEach
  void listen(Vertx vertx) {
    this.vertx = vertx;
    router = ScriptedRouter.webSocket(vertx, Serializer.JSON);
  }

  @AfterEach
  void stop() {
    router.close();
  }

  protected static Payload json(Object... args) {
    return Payload.encode(Serializer.JSON, List.of(args), Map.of());
  }
}
