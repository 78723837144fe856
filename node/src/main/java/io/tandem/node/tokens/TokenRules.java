package io.tandem.node.tokens;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token has to say, and what that means.
 *
 * @param issuer its {@code iss}, octet by octet
 * @param audience one of these has to be in its {@code aud}
 * @param algorithms how it may be signed, some of {@link
 *     io.tandem.node.credentials.VerificationKeys#ALGORITHMS}
 * @param leeway by how much clocks may differ
 * @param authidClaim which claim is the authid
 * @param roleClaim which claim tells the role; null where all get the default
 * @param roles roles by values of that claim, the first of which counts that the token has
 * @param defaultRole where it has none of them; null refuses
 * @param realmClaim which claim tells the realm; null for the one asked for
 */
public record TokenRules(
    String issuer,
    Set<String> audience,
    Set<String> algorithms,
    Duration leeway,
    String authidClaim,
    @Nullable String roleClaim,
    List<Map.Entry<String, String>> roles,
    @Nullable String defaultRole,
    @Nullable String realmClaim) {

  public TokenRules {
    audience = Set.copyOf(audience);
    algorithms = Set.copyOf(algorithms);
    roles = List.copyOf(roles);
  }
}
