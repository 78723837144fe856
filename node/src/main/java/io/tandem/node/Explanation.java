package io.tandem.node;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Answer;
import io.tandem.node.auth.Permission;
import io.tandem.node.auth.Principal;
import io.tandem.node.auth.StaticAuthorizer;
import io.tandem.node.config.AuthorizerConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.config.PermissionConfig;
import io.tandem.node.config.RealmConfig;
import io.tandem.node.config.RealmsByName;
import io.tandem.node.config.RoleConfig;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.UriSyntax;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/** Says what decides whether a role may do something, in the words of its configuration. */
final class Explanation {

  private Explanation() {}

  /**
   * The same authorizer is asked as when a node runs.
   *
   * @param action call, register, publish or subscribe
   * @param match exact, prefix or wildcard
   * @throws IllegalArgumentException where there is no such realm, role, action, policy or URI
   */
  static String of(
      NodeConfig config,
      String realmName,
      String roleName,
      String action,
      String uri,
      String match) {
    RealmConfig made = new RealmsByName(config.realms()).get(realmName);
    RealmConfig realm =
        made == null ? named(config.realms(), RealmConfig::title, realmName, "realm") : made;
    RoleConfig role = named(realm.roles(), RoleConfig::name, roleName, "role");
    Action asked =
        named(
            List.of(Action.values()),
            each -> each.name().toLowerCase(Locale.ROOT),
            action,
            "action");
    MatchPolicy policy =
        named(List.of(MatchPolicy.values()), MatchPolicy::wireName, match, "match");
    boolean takesPatterns = asked == Action.SUBSCRIBE || asked == Action.REGISTER;
    if (policy != MatchPolicy.EXACT && !takesPatterns) {
      throw new IllegalArgumentException(action + " takes no pattern");
    }
    UriSyntax syntax = new UriSyntax(realm.uriRule(), realm.limits().maxUriLength());
    if (!(policy == MatchPolicy.EXACT ? syntax.isUri(uri) : syntax.isPattern(uri, policy))) {
      throw new IllegalArgumentException("in " + realmName + " no " + match + " URI is: " + uri);
    }
    String what = action + " of " + (takesPatterns ? match + " " : "") + uri;
    StaticAuthorizer authorizer = Realms.authorizer(realm, Realms.asked(realm, config));
    Permission rule = authorizer.deciding(roleName, asked, uri, policy);
    if (rule != null) {
      PermissionConfig permission = configured(role, rule);
      boolean allowed = rule.allow().contains(asked);
      return permission.place()
          + ": "
          + permission
          + (allowed ? " allows " : " denies ")
          + what
          + (allowed && rule.disclose() ? ", disclosed" : "");
    }
    Principal anybody = new Principal(realmName, "anybody", roleName, "", Principal.STATIC, null);
    AuthorizerConfig procedure = role.authorizer();
    if (procedure == null) {
      return "no permission of " + roleName + " covers it: " + what + " is denied by default";
    }
    return procedure.place()
        + ": "
        + (authorizer.authorize(anybody, asked, uri, policy) instanceof Answer.Ask
            ? "no permission covers it: " + procedure.procedure() + " is asked about " + what
            : "only a permission allows to register what the router asks: " + what + " is denied");
  }

  private static PermissionConfig configured(RoleConfig role, Permission rule) {
    return role.permissions().stream()
        .filter(each -> each.match() == rule.match() && each.uri().equals(rule.uri()))
        .findFirst()
        .orElseThrow();
  }

  private static <T> T named(List<T> all, Function<T, String> name, String wanted, String kind) {
    return all.stream()
        .filter(each -> name.apply(each).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no "
                        + kind
                        + " "
                        + wanted
                        + "; there is "
                        + String.join(
                            ", ", all.stream().map(name).map(Objects::toString).toList())));
  }
}
