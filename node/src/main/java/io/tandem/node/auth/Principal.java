package io.tandem.node.auth;

import io.tandem.node.credentials.ClientCertificate;
import java.time.Duration;
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
 * @param lifetime how long from now on it holds, at most {@link #LONGEST_LIFETIME}; null for as
 *     long as the session
 * @param certificate what its transport has shown, however it was proved; or null
 */
public record Principal(
    String realm,
    String authid,
    String authrole,
    String authmethod,
    String authprovider,
    @Nullable Map<String, @Nullable Object> authextra,
    @Nullable Duration lifetime,
    @Nullable ClientCertificate certificate) {

  /** The provider of those whom the configuration itself knows. */
  public static final String STATIC = "static";

  /** No timer runs longer. */
  public static final Duration LONGEST_LIFETIME = Duration.ofDays(3_650);

  public Principal {
    if (lifetime != null && lifetime.compareTo(LONGEST_LIFETIME) > 0) {
      lifetime = LONGEST_LIFETIME;
    }
    // Map.copyOf refuses null, and WAMP values may be null.
    authextra =
        authextra == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(authextra));
  }

  /** One that holds as long as its session, and of whose transport nothing matters. */
  public Principal(
      String realm,
      String authid,
      String authrole,
      String authmethod,
      String authprovider,
      @Nullable Map<String, @Nullable Object> authextra) {
    this(realm, authid, authrole, authmethod, authprovider, authextra, null, null);
  }

  /** The same in another role. */
  public Principal in(String role) {
    return new Principal(
        realm, authid, role, authmethod, authprovider, authextra, lifetime, certificate);
  }

  /** The same for so long. */
  public Principal lasting(@Nullable Duration other) {
    return new Principal(
        realm, authid, authrole, authmethod, authprovider, authextra, other, certificate);
  }

  /** The same on a transport that has shown this. */
  public Principal showing(@Nullable ClientCertificate shown) {
    return new Principal(
        realm, authid, authrole, authmethod, authprovider, authextra, lifetime, shown);
  }
}
