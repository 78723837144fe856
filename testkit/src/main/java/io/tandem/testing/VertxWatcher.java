package io.tandem.testing;

import io.vertx.core.Vertx;
import io.vertx.core.spi.VerticleFactory;

/** Is told by Vert.x of each Vert.x that is made, whoever makes it. Makes no verticles. */
public final class VertxWatcher implements VerticleFactory {

  @Override
  public void init(Vertx vertx) {
    EventLoopFailures.watch(vertx);
  }

  @Override
  public String prefix() {
    return "tandem-tests";
  }
}
