package io.tandem.node.ops;

import io.tandem.node.config.ManagementConfig;
import io.tandem.node.config.Secret;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Lets those through who may see what the node counts: everybody, who has the token, or nobody. */
final class MetricsAccess implements Handler<RoutingContext> {

  private final ManagementConfig config;

  MetricsAccess(ManagementConfig config) {
    this.config = config;
  }

  @Override
  public void handle(RoutingContext context) {
    switch (config.metricsAccess()) {
      case OPEN -> context.next();
      case CLOSED -> context.fail(403);
      case TOKEN -> {
        Secret token = config.metricsToken();
        if (token != null && Bearer.shows(context, token)) {
          context.next();
        } else {
          Bearer.refuse(context);
        }
      }
    }
  }
}
