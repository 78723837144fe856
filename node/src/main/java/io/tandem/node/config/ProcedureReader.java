package io.tandem.node.config;

import io.tandem.protocol.uri.UriRule;
import io.tandem.protocol.uri.WampUri;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The mapping from keys to what procedures are asked, authorizers and authenticators. Whether
 * somebody can come and serve them is checked when all realms are read.
 */
final class ProcedureReader {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  /** No more than the node waits for any authorizer. */
  private static final Type<Duration> TIMEOUT =
      Type.duration(Duration.ofMillis(100), Duration.ofSeconds(10));

  private static final Type<String> PROCEDURE =
      Type.text(
          "the URI of a procedure, not below wamp",
          uri -> UriRule.LOOSE.isUri(uri) && !WampUri.isReserved(uri));

  /**
   * A procedure that is asked.
   *
   * @param section where that stands
   * @param realm where it is called
   */
  private record Asked(Section section, String realm, String procedure) {}

  private final List<Asked> authorizers = new ArrayList<>();
  private final List<Asked> authenticators = new ArrayList<>();
  private final ProviderReader providers;

  ProcedureReader(Surroundings surroundings) {
    this.providers = new ProviderReader(surroundings);
  }

  /** The authorizer of a role. */
  @Nullable AuthorizerConfig authorizer(Section role, String realm) {
    return role.optionalSection(
        "authorizer",
        section -> {
          String procedure = section.required("procedure", PROCEDURE, "");
          authorizers.add(new Asked(section, realm, procedure));
          return new AuthorizerConfig(
              procedure, section.value("timeout", TIMEOUT, DEFAULT_TIMEOUT), section.place());
        });
  }

  /**
   * The methods of a realm whose clients a procedure or a plugin knows.
   *
   * @param isTemplate whether there is no such realm before its clients are known
   */
  List<AuthConfig> authenticators(Section auth, String realm, boolean isTemplate) {
    List<AuthConfig> read =
        auth.optionalSection("dynamic", section -> dynamic(section, realm, isTemplate));
    for (AuthConfig.Dynamic.Method method : AuthConfig.Dynamic.Method.values()) {
      boolean twice =
          read != null
              && auth.has(Type.nameOf(method))
              && read.stream()
                  .anyMatch(
                      each -> each instanceof AuthConfig.Dynamic one && one.method() == method);
      auth.check(
          !twice, "dynamic", "names " + Type.nameOf(method) + ", which has a section of its own");
    }
    return read == null ? List.of() : read;
  }

  private List<AuthConfig> dynamic(Section section, String realm, boolean isTemplate) {
    Set<AuthConfig.Dynamic.Method> methods =
        section.required(
            "methods", Type.someOf(Type.oneOf(AuthConfig.Dynamic.Method.class)), Set.of());
    String procedure = section.optional("procedure", PROCEDURE);
    String caller = section.optional("realm", Type.text("the name of a realm", any -> true));
    AuthConfig.Dynamic.Provider provider = providers.provider(section);
    section.check(
        section.has("procedure") != section.has("provider"),
        "procedure",
        "exactly one of procedure and provider is needed");
    section.check(
        section.has("procedure") || !section.has("realm"),
        "realm",
        "is where a procedure is called, and none is named",
        "procedure");
    section.check(
        !isTemplate || caller != null || procedure == null,
        "realm",
        "is needed: realms of a template are not there before their clients are known");
    Duration timeout = section.value("timeout", TIMEOUT, DEFAULT_TIMEOUT);
    boolean allowPlainText = section.value("allowPlainText", Type.bool(), false);
    AuthConfig.Dynamic.Source source =
        provider != null
            ? provider
            : new AuthConfig.Dynamic.Procedure(
                Objects.requireNonNullElse(caller, realm),
                Objects.requireNonNullElse(procedure, ""));
    if (source instanceof AuthConfig.Dynamic.Procedure asked
        && procedure != null
        && (caller != null || !isTemplate)) {
      authenticators.add(new Asked(section, asked.realm(), procedure));
    }
    return methods.stream()
        .<AuthConfig>map(method -> new AuthConfig.Dynamic(method, source, timeout, allowPlainText))
        .toList();
  }

  // ---- when all is read ----

  /**
   * Whoever serves a procedure must get in, and be allowed to, without it; and not everybody may.
   *
   * @param isPublic whether anonymous clients on other machines reach the realm of this name
   */
  void check(List<RealmConfig> realms, Predicate<String> isPublic) {
    authorizers.forEach(asked -> checkServed(asked, realm(realms, asked), isPublic));
    for (Asked asked : authenticators) {
      RealmConfig realm = realm(realms, asked);
      asked.section.check(realm != null, "realm", "there is no realm of this name");
      if (realm != null) {
        checkServed(asked, realm, isPublic);
        asked.section.check(
            realm.auth().stream().anyMatch(method -> !isAsked(method)),
            "realm",
            "nobody can come in there to serve the procedure: all its methods are dynamic");
      }
    }
  }

  /** Whether a procedure has to be there already for clients to come in by the method. */
  private static boolean isAsked(AuthConfig method) {
    return method instanceof AuthConfig.Dynamic dynamic
        && dynamic.source() instanceof AuthConfig.Dynamic.Procedure;
  }

  private static @Nullable RealmConfig realm(List<RealmConfig> realms, Asked asked) {
    return realms.stream()
        .filter(realm -> realm.title().equals(asked.realm))
        .findFirst()
        .orElse(null);
  }

  private static void checkServed(
      Asked asked, @Nullable RealmConfig realm, Predicate<String> isPublic) {
    if (realm == null) {
      return;
    }
    List<RoleConfig> serving =
        realm.roles().stream().filter(role -> role.mayRegister(asked.procedure)).toList();
    asked.section.check(
        !serving.isEmpty(),
        "procedure",
        "no role of " + realm.name() + " has a permission to register it");
    for (RoleConfig role : serving) {
      asked.section.check(
          role.authorizer() == null,
          "procedure",
          "the role "
              + role.name()
              + " may register it and has an authorizer, which would be asked about who serves it");
      asked.section.check(
          !isPublic.test(realm.name()) || !isAnybodys(role, realm),
          "procedure",
          "anybody may register it, and decide in its place: other machines reach the listeners,"
              + " and anonymous clients have the role "
              + role.name());
    }
  }

  private static boolean isAnybodys(RoleConfig role, RealmConfig realm) {
    return realm.auth().stream()
        .anyMatch(
            method ->
                method instanceof AuthConfig.Anonymous anonymous
                    && anonymous.role().equals(role.name()));
  }
}
