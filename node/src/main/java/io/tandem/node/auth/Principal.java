package io.tandem.node.auth;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a session is: what its WELCOME says, and what its requests are judged by (SES-08). Immutable.
 *
 * @param realm the realm joined, which may differ from the one asked for (AUTH-09)
 * @param authrole names the permissions that apply
 * @param authmethod how it was proved
 * @param authprovider who judged the proof
 * @param authextra what the authenticator tells the client beyond that, or null
 */
public record Principal(
    String realm,
    String authid,
    String authrole,
    String authmethod,
    String authprovider,
    @Nullable Map<String, @Nullable Object> authextra) {

  /** The provider of those whom the configuration itself knows. */
  public static final String STATIC = "static";

  public Principal {
    // Map.copyOf refuses null, and WAMP values may be null.
    authextra =
        authextra == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(authextra));
  }
}
