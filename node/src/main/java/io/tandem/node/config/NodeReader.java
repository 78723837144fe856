package io.tandem.node.config;

import static io.tandem.node.config.Quantity.DURATION;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The mapping from keys to {@link NodeConfig} and {@link ManagementConfig}. */
final class NodeReader {

  private static final int MIN_TOKEN_LENGTH = 16;

  private final Surroundings surroundings;

  /** The doors read so far, to see that no two open in one place. */
  private final Map<Endpoint, String> taken = new HashMap<>();

  NodeReader(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  NodeConfig node(Section node) {
    ListenerReader listeners = new ListenerReader(surroundings, this::takeEndpoint);
    RealmReader realms = new RealmReader(surroundings);
    NodeConfig config =
        new NodeConfig(
            node.sections("listeners", 1, listeners::listener),
            node.section("management", this::management),
            node.optionalSection("cluster", this::cluster),
            node.sections("realms", 1, realms::realm),
            node.value("lanes", Type.integer(0, NodeConfig.MAX_LANES), 0),
            node.value(
                "drainTimeout",
                Type.duration(ZERO, ofMinutes(5)),
                NodeConfig.DEFAULT_DRAIN_TIMEOUT),
            node.optional("memory", NodeConfig.MEMORY),
            node.value("bans", Type.setOf(ListenerReader.NETWORK), Set.of()),
            node.section("failedLogins", NodeReader::failedLogins),
            node.optionalSection("audit", this::audit),
            node.section("reload", ReloadConfig::read),
            node.optionalSection("tracing", NodeReader::tracing));
    realms.check(config.realms(), config::admitsStrangers);
    for (ListenerConfig listener : config.listeners()) {
      node.check(
          leadsSomewhere(listener.admits(), config.realms()),
          "listeners",
          listener.endpoint() + " admits to no realm that is there",
          "realms");
    }
    node.check(
        config.listeners().stream().anyMatch(listener -> listener.cookie() != null)
            || config.realms().stream()
                .flatMap(realm -> realm.auth().stream())
                .noneMatch(AuthConfig.Cookie.class::isInstance),
        "listeners",
        "one of them needs a cookie, since a realm has the method cookie");
    return config;
  }

  /** Whether there is a realm that can be joined there, or may be one of a template. */
  private static boolean leadsSomewhere(AdmitsConfig admits, List<RealmConfig> realms) {
    Set<String> names = admits.realms();
    RealmsByName byName = new RealmsByName(realms);
    return names == null
        || realms.stream().anyMatch(realm -> admits.leadsTo(realm.name()))
        || names.stream()
            .anyMatch(name -> byName.get(name.endsWith(".") ? name + "any" : name) != null);
  }

  private static FailedLoginsConfig failedLogins(Section section) {
    FailedLoginsConfig byDefault = FailedLoginsConfig.DEFAULT;
    Type<Integer> number = Type.integer(1, FailedLoginsConfig.MAX);
    Duration pause =
        section.value("pause", Type.duration(ofMillis(100), ofHours(1)), byDefault.pause());
    Duration longestPause =
        section.value(
            "longestPause", Type.duration(ofMillis(100), ofHours(24)), byDefault.longestPause());
    section.check(
        longestPause.compareTo(pause) >= 0,
        "longestPause",
        "must not be less than pause, which is " + DURATION.format(pause.toMillis()),
        "pause");
    Duration forgetAfter =
        section.value(
            "forgetAfter", Type.duration(ofSeconds(1), ofDays(7)), byDefault.forgetAfter());
    section.check(
        forgetAfter.compareTo(longestPause) >= 0,
        "forgetAfter",
        "must not be less than longestPause, which is " + DURATION.format(longestPause.toMillis()),
        "longestPause");
    return new FailedLoginsConfig(
        section.value("perAuthid", number, byDefault.perAuthid()),
        section.value("perAddress", number, byDefault.perAddress()),
        section.value("perAuthidAnywhere", number, byDefault.perAuthidAnywhere()),
        pause,
        longestPause,
        forgetAfter);
  }

  private AuditConfig audit(Section audit) {
    return new AuditConfig(
        audit.required(
            "file",
            Type.path(
                "the path of a file in a directory that is there",
                surroundings.directory(),
                path -> path.getParent() != null && Files.isDirectory(path.getParent())),
            Path.of("")));
  }

  private static TracingConfig tracing(Section tracing) {
    return new TracingConfig(
        tracing.required(
            "endpoint",
            Type.text(
                "an http or https URL, such as http://127.0.0.1:4318/v1/traces",
                TracingConfig::isEndpoint),
            ""),
        tracing.value("oneIn", Type.integer(0, 1_000_000), TracingConfig.DEFAULT_ONE_IN));
  }

  private ManagementConfig management(Section management) {
    Endpoint.Tcp endpoint =
        ListenerReader.tcp(
            management, ManagementConfig.DEFAULT_ADDRESS, ManagementConfig.DEFAULT_PORT);
    takeEndpoint(management, endpoint);
    Secret token =
        management.optionalSection(
            "metricsToken", secret -> surroundings.secret(secret, MIN_TOKEN_LENGTH));
    boolean open = management.value("openMetrics", Type.bool(), false);
    management.check(
        !(open && token != null), "openMetrics", "contradicts metricsToken", "metricsToken");
    Secret reloadToken =
        management.optionalSection(
            "reloadToken", secret -> surroundings.secret(secret, MIN_TOKEN_LENGTH));
    management.check(
        reloadToken == null
            || token == null
            || token.value().isEmpty()
            || !reloadToken.matches(token.value()),
        "reloadToken",
        "is the metricsToken too: whoever reads metrics could have all nodes reload",
        "metricsToken");
    return new ManagementConfig(endpoint, token, open, reloadToken);
  }

  private ClusterConfig cluster(Section section) {
    ClusterConfig cluster = ClusterReader.cluster(section, surroundings);
    Endpoint.Tcp endpoint = cluster.endpoint();
    takeEndpoint(section, endpoint);
    if (endpoint.port() != 0) {
      take(section, endpoint.withPort(endpoint.port() + 1), "the links on ");
    }
    return cluster;
  }

  private void takeEndpoint(Section section, Endpoint endpoint) {
    take(section, endpoint, "");
  }

  /**
   * @param whose leads the message where the section opens more than its own endpoint
   */
  private void take(Section section, Endpoint endpoint, String whose) {
    Predicate<Endpoint> collides =
        endpoint instanceof Endpoint.Tcp tcp
            ? other -> other instanceof Endpoint.Tcp earlier && tcp.collidesWith(earlier)
            : endpoint::equals;
    taken.keySet().stream()
        .filter(collides)
        .findFirst()
        .ifPresent(
            earlier ->
                section.check(
                    false,
                    endpoint instanceof Endpoint.Tcp ? "port" : "unix",
                    whose + endpoint + " collides with " + earlier + " of " + taken.get(earlier),
                    "address",
                    "host"));
    taken.putIfAbsent(endpoint, section.path());
  }
}
