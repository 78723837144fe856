package io.tandem.node.ops;

import io.tandem.node.config.Secret;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Requests that show a token (RFC 6750). */
final class Bearer {

  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  /** Whether the request shows this token, compared in constant time. */
  static boolean shows(RoutingContext context, Secret token) {
    @Nullable String authorization = context.request().getHeader("Authorization");
    return authorization != null
        && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && token.matches(authorization.substring(SCHEME.length()));
  }

  /** Refuses one that does not. */
  static void refuse(RoutingContext context) {
    context.response().putHeader("WWW-Authenticate", "Bearer");
    context.fail(401);
  }
}
