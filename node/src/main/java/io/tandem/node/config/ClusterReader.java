package io.tandem.node.config;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.tandem.cluster.membership.Discovery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The mapping from keys to {@link ClusterConfig}. */
final class ClusterReader {

  /** For one look-up of a service; the next one comes soon. */
  private static final Duration DNS_TIMEOUT = ofSeconds(5);

  private static final Type<String> NAME =
      Type.text("a name of at most 100 characters of ASCII without blanks", ClusterConfig::isName);

  /** In characters: a random one of 16 is out of reach for who tries them one by one. */
  private static final int MIN_SECRET_LENGTH = 16;

  private ClusterReader() {}

  static ClusterConfig cluster(Section cluster, Surroundings surroundings) {
    ClusterConfig byDefault = ClusterConfig.DEFAULT;
    ClusterConfig read = read(cluster, surroundings, byDefault);
    boolean isGuarded = cluster.has("secret") || cluster.has("tls");
    cluster.check(!(read.insecure() && isGuarded), "insecure", "contradicts secret and tls");
    cluster.check(
        !read.isOpenToStrangers() || isGuarded || read.insecure(),
        read.endpoint().isLocal() ? "service" : "host",
        "is beyond this machine, and without a secret or TLS whoever reaches the cluster ports can"
            + " do what a node can: set secret or tls, or insecure: true where a firewall or"
            + " network policy keeps everybody else away",
        "insecure");
    return read;
  }

  private static ClusterConfig read(
      Section cluster, Surroundings surroundings, ClusterConfig byDefault) {
    return new ClusterConfig(
        cluster.value("name", NAME, byDefault.name()),
        cluster.optional("node", NAME),
        cluster.value(
            "host",
            Type.text(
                "an IPv4 or IPv6 address or a host name, not 0.0.0.0 or ::", ClusterConfig::isHost),
            byDefault.host()),
        cluster.value("port", Type.integer(0, ClusterConfig.MAX_PORT), byDefault.port()),
        discovery(cluster),
        cluster.value("expect", Type.integer(1, ClusterConfig.MAX_NODES), byDefault.expect()),
        evictAfter(cluster, byDefault.evictAfter()),
        cluster.value("wire", Type.oneOf(WireKind.class), byDefault.wire()),
        cluster.optionalSection("secret", secret -> surroundings.secret(secret, MIN_SECRET_LENGTH)),
        cluster.optionalSection("tls", tls -> tls(tls, surroundings)),
        cluster.value("insecure", Type.bool(), byDefault.insecure()),
        cluster.section("rebalance", ClusterReader::rebalance));
  }

  private static RebalanceConfig rebalance(Section rebalance) {
    RebalanceConfig byDefault = RebalanceConfig.DEFAULT;
    return new RebalanceConfig(
        rebalance.value("enabled", Type.bool(), byDefault.enabled()),
        rebalance.value("tolerance", Type.integer(5, 100), byDefault.tolerance()),
        rebalance.value("share", Type.integer(1, 100), byDefault.share()),
        rebalance.value("period", Type.duration(ofSeconds(2), ofHours(1)), byDefault.period()));
  }

  private static ClusterTlsConfig tls(Section tls, Surroundings surroundings) {
    Path none = Path.of("");
    Path certificate = tls.required("certificate", surroundings.certificates(), none);
    Path key = tls.required("key", surroundings.privateKey(), none);
    Path ca = tls.required("ca", surroundings.certificates(), none);
    return new ClusterTlsConfig(
        certificate,
        key,
        ca,
        surroundings.digest(List.of(certificate, key, ca)),
        surroundings.end(List.of(certificate)));
  }

  private static Discovery discovery(Section cluster) {
    Set<String> members =
        cluster.value(
            "join",
            Type.setOf(
                Type.text("the HOST:PORT of a node's cluster port", ClusterConfig::isMember)),
            Set.of());
    String service =
        cluster.optional(
            "service",
            Type.text("a host name such as tandem-headless.default.svc", ClusterConfig::isHost));
    cluster.check(!(cluster.has("join") && cluster.has("service")), "service", "excludes join");
    return service == null
        ? new Discovery.Addresses(List.copyOf(members))
        : new Discovery.KubernetesDns(service, DNS_TIMEOUT);
  }

  private static Duration evictAfter(Section cluster, Duration byDefault) {
    Duration evictAfter =
        cluster.value("evictAfter", Type.duration(ofSeconds(2), ofMinutes(5)), byDefault);
    cluster.check(
        evictAfter.equals(ofSeconds(evictAfter.toSeconds())),
        "evictAfter",
        "must be whole seconds");
    return evictAfter;
  }
}
