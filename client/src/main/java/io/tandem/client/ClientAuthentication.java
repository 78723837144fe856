package io.tandem.client;

import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.uri.WampUri;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a session says it is and how it proves that. Called on the session's context, once for HELLO
 * and once for each CHALLENGE; it must not block.
 */
public interface ClientAuthentication {

  /** The methods offered, best first (AUTH-02). */
  List<String> methods();

  /** The identity claimed, or null to be given one. */
  default @Nullable String authid() {
    return null;
  }

  /** What goes into {@code HELLO.Details.authextra}; nothing is sent when empty. */
  default Map<String, @Nullable Object> extra() {
    return Map.of();
  }

  /**
   * The answer to a challenge. A failed future gives up: the router gets ABORT, and the session's
   * future fails with the same exception.
   */
  Future<Authenticate> onChallenge(Challenge challenge);

  /** Claims nothing and expects no challenge. */
  static ClientAuthentication anonymous() {
    return new ClientAuthentication() {
      @Override
      public List<String> methods() {
        return List.of("anonymous");
      }

      @Override
      public Future<Authenticate> onChallenge(Challenge challenge) {
        return Future.failedFuture(
            new WampException(
                WampUri.AUTHENTICATION_FAILED,
                Arguments.of("an anonymous session was challenged: " + challenge.method())));
      }
    };
  }
}
