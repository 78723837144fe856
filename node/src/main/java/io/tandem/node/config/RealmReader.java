package io.tandem.node.config;

import io.tandem.node.config.PermissionConfig.Right;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.UriRule;
import io.tandem.protocol.uri.UriSyntax;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The mapping from keys to {@link RealmConfig}. */
final class RealmReader {

  static final Type<String> ROLE_NAME =
      Type.text("a role's name, one word without dot or #", UriRule.LOOSE::isName);

  /** How far somebody is trusted. */
  private static final Type<Integer> TRUST = Type.integer(0, 1_000_000);

  private final Surroundings surroundings;
  private final ProcedureReader procedures;

  /** The names of the realms read so far, and those of templates. */
  private final Set<Map.Entry<MatchPolicy, String>> taken = new HashSet<>();

  /** The templates, and where they stand. */
  private final List<Map.Entry<Section, RealmConfig>> templates = new ArrayList<>();

  RealmReader(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.procedures = new ProcedureReader(surroundings);
  }

  /** Reads one realm. */
  RealmConfig realm(Section realm) {
    TemplateConfig template = realm.optionalSection("template", RealmReader::template);
    UriRule uriRule = realm.value("uriRule", Type.oneOf(UriRule.class), UriRule.LOOSE);
    String name = name(realm, template, uriRule);
    KeptTopicsReader kept = new KeptTopicsReader(uriRule);
    Set<String> roleNames = new HashSet<>();
    String title = template == null ? name : name + " (" + template.match().wireName() + ")";
    List<RoleConfig> roles =
        realm.sections("roles", 0, role -> role(role, title, uriRule, roleNames));
    RealmConfig read =
        new RealmConfig(
            name,
            uriRule,
            realm.value("strictRequestIds", Type.bool(), false),
            realm.value("allowDiscloseMe", Type.bool(), true),
            realm.value("progressRequiresCanceling", Type.bool(), false),
            realm.value("tellRevokedSubscribers", Type.bool(), true),
            realm.section("calls", CallsConfig::read),
            realm.value(
                "onPartition", Type.oneOf(PartitionPolicy.class), PartitionPolicy.AVAILABLE),
            realm.value("metaEvents", Type.bool(), true),
            realm.section("auth", auth -> auth(auth, title, template != null, roleNames)),
            roles,
            realm.section("limits", SessionLimitsReader::ofRealm),
            realm.section("retention", kept::retention),
            kept.list(realm, "history"),
            template);
    if (template != null) {
      templates.add(Map.entry(realm, read));
    }
    return read;
  }

  private String name(Section realm, @Nullable TemplateConfig template, UriRule uriRule) {
    String name =
        realm.required(
            "name",
            Type.text(
                "a URI such as com.example.shop",
                realm.has("template") ? pattern -> true : UriSyntax.REALM::isUri),
            "");
    MatchPolicy match = template == null ? MatchPolicy.EXACT : template.match();
    realm.check(
        taken.add(Map.entry(match, name)),
        "name",
        template == null
            ? "another realm has this name"
            : "another template has this name and match",
        "template");
    realm.check(
        !RealmsByName.isOfTheProtocol(name, match),
        "name",
        "must not begin with wamp, which is the protocol's own");
    realm.check(
        template == null || new UriSyntax(uriRule, UriSyntax.DEFAULT_LENGTH).isPattern(name, match),
        "name",
        Value.quote(name)
            + " is no "
            + match.wireName()
            + " URI by the "
            + nameOf(uriRule)
            + " rule",
        "template",
        "uriRule");
    return name;
  }

  private static TemplateConfig template(Section template) {
    MatchPolicy match = template.value("match", Type.oneOf(MatchPolicy.class), MatchPolicy.PREFIX);
    template.check(
        match != MatchPolicy.EXACT, "match", "a realm of this one name needs no template");
    return new TemplateConfig(
        match,
        template.value(
            "maxRealms",
            Type.integer(1, TemplateConfig.MOST_REALMS),
            TemplateConfig.DEFAULT_REALMS),
        template.value(
            "closeWhenEmptyFor",
            Type.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
            TemplateConfig.DEFAULT_CLOSE));
  }

  /**
   * What can only be checked when all is read.
   *
   * @param isPublic whether anonymous clients on other machines reach the realm of this name
   */
  void check(List<RealmConfig> realms, Predicate<String> isPublic) {
    procedures.check(realms, isPublic);
    templates.stream()
        .filter(each -> isPublic.test(each.getValue().name()))
        .forEach(each -> checkNamed(each.getKey(), each.getValue()));
  }

  /** Names whose choice is anybody's. */
  private static void checkNamed(Section section, RealmConfig template) {
    section.check(
        !template.admitsAnonymous() || template.name().chars().anyMatch(c -> c != '.'),
        "name",
        "any name will do, and anonymous clients open realms by it: other machines reach the"
            + " listeners");
  }

  private List<AuthConfig> auth(
      Section auth, String realm, boolean isTemplate, Set<String> roleNames) {
    List<AuthConfig> methods =
        Stream.concat(
                new AuthReader(surroundings, roleNames).methods(auth).stream(),
                procedures.authenticators(auth, realm, isTemplate).stream())
            .toList();
    auth.check(
        !auth.has("cookie") || methods.stream().anyMatch(AuthConfig::isRemembered),
        "cookie",
        "needs a method besides by which clients prove who they are");
    auth.check(
        !auth.has("jwt") || methods.stream().filter(RealmReader::takesTickets).count() < 2,
        "jwt",
        "takes tickets, as another method does: methods: [jwt] leaves them to that");
    return methods;
  }

  private static boolean takesTickets(AuthConfig method) {
    return method instanceof AuthConfig.Ticket
        || (method instanceof AuthConfig.Dynamic dynamic
            && dynamic.method() == AuthConfig.Dynamic.Method.TICKET)
        || (method instanceof AuthConfig.Jwt jwt
            && jwt.methods().contains(AuthConfig.Jwt.Name.TICKET));
  }

  private RoleConfig role(Section role, String realm, UriRule uriRule, Set<String> taken) {
    String name = role.required("name", ROLE_NAME, "");
    role.check(taken.add(name), "name", "another role of the realm has this name");
    Set<Map.Entry<MatchPolicy, String>> patterns = new HashSet<>();
    return new RoleConfig(
        name,
        role.sections("permissions", 0, permission -> permission(permission, uriRule, patterns)),
        procedures.authorizer(role, realm),
        role.optional("trustLevel", TRUST),
        role.optionalSection("limits", SessionLimitsReader::ofRole));
  }

  private static PermissionConfig permission(
      Section permission, UriRule uriRule, Set<Map.Entry<MatchPolicy, String>> taken) {
    String uri =
        permission.required("uri", Type.text("a URI or pattern, as match says", any -> true), "");
    MatchPolicy match = permission.value("match", Type.oneOf(MatchPolicy.class), MatchPolicy.EXACT);
    permission.check(
        uriRule.isPattern(uri, match),
        "uri",
        Value.quote(uri)
            + " is no "
            + match.wireName()
            + " URI by the "
            + nameOf(uriRule)
            + " rule",
        "match");
    permission.check(
        taken.add(Map.entry(match, uri)),
        "uri",
        "another permission of the role has this URI and match",
        "match");
    return new PermissionConfig(
        uri,
        match,
        permission.required("allow", Type.setOf(Type.oneOf(Right.class)), Set.of()),
        permission.value("disclose", Type.bool(), false),
        permission.optional("trustLevel", TRUST),
        permission.place());
  }

  private static String nameOf(UriRule rule) {
    return rule.name().toLowerCase(Locale.ROOT);
  }
}
