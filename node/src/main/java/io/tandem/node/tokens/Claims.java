package io.tandem.node.tokens;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a genuine token says. Immutable. */
final class Claims {

  private static final int LONGEST_AUTHID = 256;

  private final JWTClaimsSet said;

  private Claims(JWTClaimsSet said) {
    this.said = said;
  }

  static Claims of(JWTClaimsSet said) {
    return new Claims(said);
  }

  /** Whether it is for us, of whom it has to be, and holds now. */
  boolean isValid(TokenRules rules, Instant now) {
    Date notBefore = said.getNotBeforeTime();
    return rules.issuer().equals(said.getIssuer())
        && !Collections.disjoint(said.getAudience(), rules.audience())
        && !left(rules, now).isNegative()
        && (notBefore == null || !notBefore.toInstant().isAfter(now.plus(rules.leeway())));
  }

  /** How long it still holds; negative where it does not, or does not say how long. */
  Duration left(TokenRules rules, Instant now) {
    Date expires = said.getExpirationTime();
    return expires == null
        ? Duration.ofNanos(-1)
        : Duration.between(now, expires.toInstant().plus(rules.leeway())).minusNanos(1);
  }

  /** The authid; null where it has none. */
  @Nullable String authid(TokenRules rules) {
    return claim(rules.authidClaim()) instanceof String text
            && !text.isBlank()
            && text.length() <= LONGEST_AUTHID
        ? text
        : null;
  }

  /** The role; null for none. */
  @Nullable String role(TokenRules rules) {
    Object value = rules.roleClaim() == null ? null : claim(rules.roleClaim());
    for (Map.Entry<String, String> each : rules.roles()) {
      if (has(value, each.getKey())) {
        return each.getValue();
      }
    }
    return rules.defaultRole();
  }

  /** The realm that whoever asked for this one joins; null for none. */
  @Nullable String realm(TokenRules rules, String asked) {
    if (rules.realmClaim() == null) {
      return asked;
    }
    Object value = claim(rules.realmClaim());
    return value instanceof String name ? name : has(value, asked) ? asked : null;
  }

  private static boolean has(@Nullable Object value, String one) {
    return one.equals(value) || (value instanceof List<?> list && list.contains(one));
  }

  /** By its name, or by its way through dictionaries, such as {@code realm_access.roles}. */
  private @Nullable Object claim(String name) {
    Object whole = said.getClaim(name);
    if (whole != null) {
      return whole;
    }
    Object at = said.getClaims();
    for (String step : name.split("\\.", -1)) {
      at = at instanceof Map<?, ?> dictionary ? dictionary.get(step) : null;
    }
    return at;
  }
}
