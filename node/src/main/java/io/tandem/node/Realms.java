package io.tandem.node;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Answer;
import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.Authentication;
import io.tandem.node.auth.FailedLogins;
import io.tandem.node.auth.Permission;
import io.tandem.node.auth.StaticAuthorizer;
import io.tandem.node.config.AuthConfig;
import io.tandem.node.config.AuthorizerConfig;
import io.tandem.node.config.FailedLoginsConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.config.PartitionPolicy;
import io.tandem.node.config.PermissionConfig;
import io.tandem.node.config.RealmConfig;
import io.tandem.node.config.RoleConfig;
import io.tandem.node.login.Authenticators;
import io.tandem.node.router.Budget;
import io.tandem.node.router.RealmSettings;
import io.tandem.protocol.uri.UriSyntax;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes of a realm's configuration what the router works with. */
final class Realms {

  private Realms() {}

  static List<RealmSettings> settings(
      NodeConfig config, Budget memory, int nodes, AuthPool pool, FailedLogins failed) {
    // None of several realms can take all from the others.
    long part = config.realms().size() > 1 ? memory.limit() / 2 : memory.limit();
    return config.realms().stream()
        .map(realm -> settings(realm, asked(realm, config), part, nodes, pool, failed))
        .toList();
  }

  private static RealmSettings settings(
      RealmConfig config,
      Set<String> procedures,
      long memory,
      int nodes,
      AuthPool pool,
      FailedLogins failed) {
    return new RealmSettings(
        config.name(),
        new UriSyntax(config.uriRule(), config.limits().maxUriLength()),
        config.strictRequestIds(),
        config.allowDiscloseMe(),
        config.progressRequiresCanceling(),
        config.onPartition() == PartitionPolicy.QUORUM,
        config.limits().maxSubscriptions(),
        config.limits().maxRegistrations(),
        config.limits().maxPendingCalls(),
        Objects.requireNonNullElse(config.limits().memory(), memory),
        Objects.requireNonNullElse(config.limits().sessionMemory(), Long.MAX_VALUE),
        nodes,
        config.limits().maxWildcardShapes(),
        config.limits().maxOptionsSize(),
        authentication(config, pool, failed),
        authorizer(config, procedures));
  }

  /** When clients have to pause after failed logins. */
  static FailedLogins.Policy policy(FailedLoginsConfig config) {
    return new FailedLogins.Policy(
        config.perAuthid(),
        config.perAddress(),
        config.perAuthidAnywhere(),
        config.pause(),
        config.longestPause(),
        config.forgetAfter());
  }

  /** What decides what the realm's sessions may do. */
  static StaticAuthorizer authorizer(RealmConfig config, Set<String> asked) {
    return new StaticAuthorizer(
        config.roles().stream().collect(Collectors.toMap(RoleConfig::name, Realms::permissions)),
        config.roles().stream()
            .filter(role -> role.authorizer() != null)
            .collect(Collectors.toMap(RoleConfig::name, role -> ask(role.authorizer()))),
        asked);
  }

  private static Answer.Ask ask(@Nullable AuthorizerConfig config) {
    AuthorizerConfig authorizer = Objects.requireNonNull(config);
    return new Answer.Ask(authorizer.procedure(), authorizer.timeout());
  }

  /**
   * The procedures of the realm that its node asks: about its roles, and for any realm's clients.
   */
  static Set<String> asked(RealmConfig realm, NodeConfig config) {
    return Stream.concat(
            realm.roles().stream()
                .map(RoleConfig::authorizer)
                .filter(Objects::nonNull)
                .map(AuthorizerConfig::procedure),
            config.realms().stream()
                .flatMap(each -> each.auth().stream())
                .filter(AuthConfig.Dynamic.class::isInstance)
                .map(AuthConfig.Dynamic.class::cast)
                .filter(dynamic -> dynamic.realm().equals(realm.name()))
                .map(AuthConfig.Dynamic::procedure))
        .collect(Collectors.toSet());
  }

  private static Authentication authentication(
      RealmConfig config, AuthPool pool, FailedLogins failed) {
    return new Authentication(
        config.auth().stream().map(Authenticators::of).toList(),
        config.roles().stream().map(RoleConfig::name).collect(Collectors.toSet()),
        pool,
        failed);
  }

  private static List<Permission> permissions(RoleConfig role) {
    return role.permissions().stream()
        .map(rule -> new Permission(rule.uri(), rule.match(), actions(rule), rule.disclose()))
        .toList();
  }

  private static Set<Action> actions(PermissionConfig rule) {
    return rule.allow().stream()
        .map(right -> Action.valueOf(right.name()))
        .collect(Collectors.toSet());
  }
}
