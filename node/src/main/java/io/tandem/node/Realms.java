package io.tandem.node;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.Authentication;
import io.tandem.node.auth.Permission;
import io.tandem.node.auth.StaticAuthorizer;
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

/** Makes of a realm's configuration what the router works with. */
final class Realms {

  private Realms() {}

  static List<RealmSettings> settings(NodeConfig config, Budget memory, int nodes, AuthPool pool) {
    // None of several realms can take all from the others.
    long part = config.realms().size() > 1 ? memory.limit() / 2 : memory.limit();
    return config.realms().stream().map(realm -> settings(realm, part, nodes, pool)).toList();
  }

  private static RealmSettings settings(RealmConfig config, long memory, int nodes, AuthPool pool) {
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
        authentication(config, pool),
        new StaticAuthorizer(
            config.roles().stream()
                .collect(Collectors.toMap(RoleConfig::name, Realms::permissions))));
  }

  private static Authentication authentication(RealmConfig config, AuthPool pool) {
    return new Authentication(
        config.auth().stream().map(Authenticators::of).toList(),
        config.roles().stream().map(RoleConfig::name).collect(Collectors.toSet()),
        pool);
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
