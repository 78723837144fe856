package io.tandem.node;

import io.tandem.cluster.kept.KeepRule;
import io.tandem.cluster.kept.KeepRules;
import io.tandem.node.auth.Action;
import io.tandem.node.auth.Answer;
import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.Authentication;
import io.tandem.node.auth.CookieLogins;
import io.tandem.node.auth.FailedLogins;
import io.tandem.node.auth.Permission;
import io.tandem.node.auth.StaticAuthorizer;
import io.tandem.node.config.AuthConfig;
import io.tandem.node.config.AuthorizerConfig;
import io.tandem.node.config.CallsConfig;
import io.tandem.node.config.FailedLoginsConfig;
import io.tandem.node.config.KeptTopicsConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.config.PartitionPolicy;
import io.tandem.node.config.PermissionConfig;
import io.tandem.node.config.RateConfig;
import io.tandem.node.config.RealmConfig;
import io.tandem.node.config.RoleConfig;
import io.tandem.node.config.RoleLimitsConfig;
import io.tandem.node.config.SessionLimitsConfig;
import io.tandem.node.login.Authenticators;
import io.tandem.node.login.OpenProviders;
import io.tandem.node.router.Budget;
import io.tandem.node.router.CallSettings;
import io.tandem.node.router.Rate;
import io.tandem.node.router.RealmSettings;
import io.tandem.node.router.SessionLimits;
import io.tandem.node.router.TestamentLimits;
import io.tandem.node.router.TrustLevels;
import io.tandem.protocol.uri.UriSyntax;
import io.tandem.registry.logins.RememberedLogins;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes of a realm's configuration what the router works with. Any thread. */
final class Realms implements AutoCloseable {

  private final Budget memory;
  private final int nodes;
  private final RememberedLogins logins;
  private final AuthPool pool = new AuthPool();
  private final OpenProviders providers = new OpenProviders();
  private final FailedLogins failed = new FailedLogins(FailedLogins.Policy.NONE);

  /**
   * @param first what is shared by all realms at first
   * @param memory what sessions may make the node keep
   * @param nodes how many keep what is subscribed to and registered
   * @param logins those that are remembered by a cookie
   */
  Realms(NodeConfig first, Budget memory, int nodes, RememberedLogins logins) {
    this.memory = memory;
    this.nodes = nodes;
    this.logins = logins;
    share(first);
  }

  /** What this configuration says from now on of those that all realms share. */
  void share(NodeConfig config) {
    failed.policy(policy(config.failedLogins()));
    providers.keep(config);
  }

  /** Of the realms that are there from the start. */
  List<RealmSettings> settings(NodeConfig config) {
    return config.namedRealms().stream().map(realm -> settings(realm, config)).toList();
  }

  /** Of which others are made. */
  Templates templates(NodeConfig config) {
    return new Templates(
        config.realms(),
        config.templates().stream()
            .collect(Collectors.toMap(RealmConfig::title, realm -> settings(realm, config))));
  }

  private RealmSettings settings(RealmConfig realm, NodeConfig config) {
    // None of several realms can take all from the others.
    boolean isOne = config.realms().size() == 1 && realm.template() == null;
    return settings(
        realm,
        asked(realm, config),
        isOne ? memory.limit() : memory.limit() / 2,
        HeapShares.of(config, Runtime.getRuntime().maxMemory()).keptShare());
  }

  private RealmSettings settings(
      RealmConfig config, Set<String> procedures, long part, long keptShare) {
    return new RealmSettings(
        config.name(),
        new UriSyntax(config.uriRule(), config.limits().maxUriLength()),
        config.strictRequestIds(),
        config.allowDiscloseMe(),
        config.progressRequiresCanceling(),
        config.tellRevokedSubscribers(),
        calls(config.calls()),
        trust(config),
        config.onPartition() == PartitionPolicy.QUORUM,
        config.metaEvents(),
        limits(config.limits()),
        config.roles().stream()
            .filter(role -> role.limits() != null)
            .collect(
                Collectors.toMap(
                    RoleConfig::name,
                    role -> limits(Objects.requireNonNull(role.limits()), config.limits()))),
        Objects.requireNonNullElse(config.limits().memory(), part),
        Objects.requireNonNullElse(config.limits().sessionMemory(), Long.MAX_VALUE),
        nodes,
        config.limits().maxWildcardShapes(),
        config.limits().maxOptionsSize(),
        new TestamentLimits(config.limits().maxTestaments(), config.limits().maxTestamentsSize()),
        new KeepRules(
            rules(config.retention().topics(), keptShare),
            config.retention().maxEvents(),
            rules(config.history(), keptShare)),
        authentication(config),
        authorizer(config, procedures));
  }

  private static List<KeepRule> rules(List<KeptTopicsConfig> configs, long keptShare) {
    return configs.stream()
        .map(
            topics ->
                new KeepRule(
                    topics.match(),
                    topics.uri(),
                    topics.events(),
                    Objects.requireNonNullElse(topics.bytes(), keptShare),
                    topics.age()))
        .toList();
  }

  private static TrustLevels trust(RealmConfig config) {
    TrustLevels levels = new TrustLevels();
    for (RoleConfig role : config.roles()) {
      if (role.trustLevel() != null) {
        levels.add(role.name(), role.trustLevel());
      }
      for (PermissionConfig permission : role.permissions()) {
        if (permission.trustLevel() != null) {
          levels.add(role.name(), permission.match(), permission.uri(), permission.trustLevel());
        }
      }
    }
    return levels;
  }

  private static CallSettings calls(CallsConfig config) {
    return new CallSettings(
        millis(config.timeout()),
        millis(config.maxTimeout()),
        switch (config.forwardTimeout()) {
          case ASKED -> CallSettings.Forwarding.ASKED;
          case ALWAYS -> CallSettings.Forwarding.ALWAYS;
          case NEVER -> CallSettings.Forwarding.NEVER;
        },
        config.maxWaiting());
  }

  private static @Nullable Long millis(@Nullable Duration limit) {
    return limit == null ? null : limit.toMillis();
  }

  private static SessionLimits limits(SessionLimitsConfig realm) {
    return new SessionLimits(
        Objects.requireNonNullElse(realm.maxSessions(), Integer.MAX_VALUE),
        realm.maxSubscriptions(),
        realm.maxRegistrations(),
        realm.maxPendingCalls(),
        octets(realm.maxPayloadSize()),
        rate(realm.rate()));
  }

  private static SessionLimits limits(RoleLimitsConfig role, SessionLimitsConfig realm) {
    return new SessionLimits(
        Objects.requireNonNullElse(role.maxSessions(), Integer.MAX_VALUE),
        Objects.requireNonNullElse(role.maxSubscriptions(), realm.maxSubscriptions()),
        Objects.requireNonNullElse(role.maxRegistrations(), realm.maxRegistrations()),
        Objects.requireNonNullElse(role.maxPendingCalls(), realm.maxPendingCalls()),
        octets(role.maxPayloadSize() == null ? realm.maxPayloadSize() : role.maxPayloadSize()),
        rate(role.rate() == null ? realm.rate() : role.rate()));
  }

  private static int octets(@Nullable Long size) {
    return size == null ? Integer.MAX_VALUE : size.intValue();
  }

  private static @Nullable Rate rate(@Nullable RateConfig config) {
    if (config == null) {
      return null;
    }
    long messages = config.messages() == null ? Rate.ANY : config.messages();
    long octets = Objects.requireNonNullElse(config.octets(), Rate.ANY);
    return new Rate(
        messages,
        config.messageBurst() == null ? messages : config.messageBurst(),
        octets,
        Objects.requireNonNullElse(config.octetBurst(), octets));
  }

  /** When clients have to pause after failed logins. */
  private static FailedLogins.Policy policy(FailedLoginsConfig config) {
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
                .map(AuthConfig.Dynamic::source)
                .filter(AuthConfig.Dynamic.Procedure.class::isInstance)
                .map(AuthConfig.Dynamic.Procedure.class::cast)
                .filter(source -> source.realm().equals(realm.title()))
                .map(AuthConfig.Dynamic.Procedure::procedure))
        .collect(Collectors.toSet());
  }

  private Authentication authentication(RealmConfig config) {
    return new Authentication(
        config.auth().stream()
            .filter(method -> !(method instanceof AuthConfig.Cookie))
            .flatMap(method -> Authenticators.of(method, providers).stream())
            .toList(),
        config.roles().stream().map(RoleConfig::name).collect(Collectors.toSet()),
        pool,
        failed,
        config.auth().stream()
            .filter(AuthConfig.Cookie.class::isInstance)
            .map(AuthConfig.Cookie.class::cast)
            .findFirst()
            .map(this::cookies)
            .orElseGet(() -> CookieLogins.forgetting(logins)));
  }

  private CookieLogins cookies(AuthConfig.Cookie config) {
    return new CookieLogins(
        logins, config.maxAge(), config.allowPlainText(), InstantSource.system());
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

  /** Nobody is judged any more. */
  @Override
  public void close() {
    pool.close();
    providers.close();
  }
}
