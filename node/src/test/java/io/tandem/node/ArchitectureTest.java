package io.tandem.node;

import io.tandem.testing.Architecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final String AUTH = "io.tandem.node.auth";
  private static final String CONFIG = "io.tandem.node.config";
  private static final String OPS = "io.tandem.node.ops";
  private static final String ROUTER = "io.tandem.node.router";
  private static final String SESSION = "io.tandem.node.session";
  private static final String TRANSPORT = "io.tandem.node.transport";
  private static final String VERTX = "io.vertx";
  private static final String HAZELCAST = "com.hazelcast";

  private final Architecture node = Architecture.of("io.tandem.node");

  @Test
  void packagesHaveNoCircles() {
    node.hasNoCircles();
  }

  @Test
  void routerKnowsNeitherTransportsNorConfigurationNorVertx() {
    node.keepsApart(ROUTER, CONFIG, OPS, SESSION, TRANSPORT, VERTX, HAZELCAST);
  }

  @Test
  void sessionsKnowNoTransport() {
    node.keepsApart(SESSION, OPS, TRANSPORT, VERTX, HAZELCAST);
  }

  @Test
  void authenticationAndAuthorizationStandForThemselves() {
    node.keepsApart(AUTH, CONFIG, OPS, ROUTER, SESSION, TRANSPORT, VERTX, HAZELCAST);
  }

  @Test
  void configurationDoesNothing() {
    node.keepsApart(CONFIG, AUTH, OPS, ROUTER, SESSION, TRANSPORT, VERTX, HAZELCAST);
  }
}
