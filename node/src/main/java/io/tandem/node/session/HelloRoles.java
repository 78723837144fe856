package io.tandem.node.session;

import io.tandem.node.router.ClientFeatures;
import io.tandem.node.router.ClientRole;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What HELLO must say about the client's roles (SES-02). */
final class HelloRoles {

  private static final Set<String> ROLES =
      Arrays.stream(ClientRole.values())
          .map(ClientRole::wireName)
          .collect(Collectors.toUnmodifiableSet());

  private HelloRoles() {}

  /** The features announced; unknown roles and features are ignored. */
  static ClientFeatures features(Hello hello) throws ProtocolViolation {
    Map<String, @Nullable Object> roles = hello.details().get(Keys.ROLES, Map.of());
    if (Collections.disjoint(roles.keySet(), ROLES)) {
      throw new ProtocolViolation("roles: HELLO must announce at least one of " + ROLES);
    }
    return ClientFeatures.of(roles);
  }
}
