package io.tandem.node.config;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.tandem.node.config.AuthConfig.Jwt;
import io.tandem.node.credentials.VerificationKeys;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The mapping from the keys of a realm's {@code auth.jwt} to {@link AuthConfig.Jwt}. */
final class TokenReader {

  private static final int LONGEST_TEXT = 500;

  private static final Type<String> TEXT =
      Type.text(
          "1 to " + LONGEST_TEXT + " characters",
          text -> !text.isBlank() && text.length() <= LONGEST_TEXT);

  private static final Type<String> ALGORITHM =
      Type.text(
          String.join(" or ", VerificationKeys.ALGORITHMS), VerificationKeys.ALGORITHMS::contains);

  private static final Type<String> URL =
      Type.text("a URL of https, or of http on this machine", TokenReader::isUrl);

  private final Surroundings surroundings;
  private final Set<String> roles;

  /**
   * @param roles the names of the realm's
   */
  TokenReader(Surroundings surroundings, Set<String> roles) {
    this.surroundings = surroundings;
    this.roles = roles;
  }

  Jwt jwt(Section jwt) {
    return new Jwt(
        jwt.value(
            "methods", Type.someOf(Type.oneOf(Jwt.Name.class)), EnumSet.allOf(Jwt.Name.class)),
        jwt.value("allowPlainText", Type.bool(), false),
        jwt.required("issuer", TEXT, ""),
        jwt.required("audience", Type.someOf(TEXT), Set.of()),
        jwt.required("algorithms", Type.someOf(ALGORITHM), Set.of()),
        jwt.value("leeway", Type.duration(ZERO, ofMinutes(5)), ofSeconds(30)),
        jwt.requiredSection("keys", this::keys, new Jwt.Keys(null, null)),
        claims(jwt));
  }

  private Jwt.Keys keys(Section keys) {
    String url = keys.optional("url", URL);
    Map<Path, String> read = new HashMap<>(); // once: it may be written just now
    Path file =
        keys.optional(
            "file",
            Type.path(
                "the path of a readable file with public keys: a JWKS, or PEM",
                surroundings.directory(),
                path -> {
                  String text = surroundings.content(path);
                  boolean holds = text != null && VerificationKeys.parse(text) != null;
                  if (holds) {
                    read.put(path, Objects.requireNonNull(text));
                  }
                  return holds;
                }));
    keys.check(keys.has("url") != keys.has("file"), "url", "exactly one of url and file is needed");
    return new Jwt.Keys(
        url,
        file == null
            ? null
            : new Jwt.KeyFile(file, Objects.requireNonNullElse(read.get(file), "")));
  }

  private ClaimsConfig claims(Section jwt) {
    String roleClaim = jwt.optional("roleClaim", TEXT);
    List<ClaimsConfig.RoleOf> read = new ArrayList<>();
    jwt.sections(
        "roles",
        0,
        each -> {
          String value = each.required("value", TEXT, "");
          each.check(
              read.stream().noneMatch(earlier -> earlier.value().equals(value)),
              "value",
              "is listed twice");
          return read.add(new ClaimsConfig.RoleOf(read.size(), value, role(each)));
        });
    String defaultRole = jwt.optional("defaultRole", RealmReader.ROLE_NAME);
    jwt.check(
        defaultRole == null || roles.contains(defaultRole),
        "defaultRole",
        "the realm has no role of this name");
    jwt.check(
        !jwt.has("roles") || jwt.has("roleClaim"),
        "roles",
        "needs roleClaim: the claim that has these values");
    jwt.check(
        jwt.has("defaultRole") || jwt.has("roles"),
        "defaultRole",
        "nobody would get a role: one of defaultRole and roles is needed");
    return new ClaimsConfig(
        jwt.value("authidClaim", TEXT, "sub"),
        roleClaim,
        read,
        defaultRole,
        jwt.optional("realmClaim", TEXT));
  }

  private String role(Section section) {
    String role = section.required("role", RealmReader.ROLE_NAME, "");
    section.check(roles.contains(role), "role", "the realm has no role of this name");
    return role;
  }

  private static boolean isUrl(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException none) {
      return false;
    }
    String host = uri.getHost();
    return host != null
        && uri.getUserInfo() == null
        && uri.getFragment() == null
        && ("https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme()) && isLoopback(host)));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
