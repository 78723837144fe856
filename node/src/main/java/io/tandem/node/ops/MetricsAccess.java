package io.tandem.node.ops;

import io.tandem.node.config.ManagementConfig;
import io.tandem.node.config.Secret;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Lets those through who may see what the node counts: everybody, who has the token, or nobody. */
final class MetricsAccess implements Handler<RoutingContext> {

  private static final String BEARER = "Bearer ";

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
        if (showsToken(context.request().getHeader("Authorization"))) {
          context.next();
        } else {
          context.response().putHeader("WWW-Authenticate", "Bearer");
          context.fail(401);
        }
      }
    }
  }

  private boolean showsToken(@Nullable String authorization) {
    Secret token = config.metricsToken();
    return token != null
        && authorization != null
        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && token.matches(authorization.substring(BEARER.length()));
  }
}
