package io.tandem.helm;

import static io.tandem.helm.Pods.annotations;
import static io.tandem.helm.Pods.config;
import static io.tandem.helm.Pods.node;
import static io.tandem.helm.Pods.pod;
import static io.tandem.helm.Pods.template;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.tandem.cluster.membership.Discovery;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.config.RealmConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChartTest {

  private static final String FULLNAME = "tandem";

  private final Manifests defaults = Manifests.parse(Chart.text());

  // --- What is rendered ---

  @Test
  void lintHasNothingToSay() {
    LintResult result = Chart.helm().lint().strict().call();
    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    assertThat(result.getMessages())
        .noneMatch(message -> message.contains("[WARNING]") || message.contains("[ERROR]"));
  }

  @Test
  void versionsAreThoseOfTheProject() {
    Map<String, Object> chart = Manifests.map(Chart.DIRECTORY.resolve("Chart.yaml"));
    assertThat(chart)
        .containsEntry("version", System.getProperty("project.version"))
        .containsEntry("appVersion", System.getProperty("project.version"));
  }

  @Test
  void rendersThreeNodesWithAllThatTheyNeed() {
    assertThat(defaults.all())
        .extracting(object -> object.getKind() + " " + object.getMetadata().getName())
        .containsExactlyInAnyOrder(
            "StatefulSet tandem",
            "Service tandem",
            "Service tandem-management",
            "Service tandem-headless",
            "PodDisruptionBudget tandem",
            "NetworkPolicy tandem",
            "ServiceAccount tandem",
            "ConfigMap tandem",
            "Secret tandem-cluster");
    assertThat(defaults.the(StatefulSet.class).getSpec().getReplicas()).isEqualTo(3);
  }

  @Test
  void aKeyThatKubernetesDoesNotKnowIsNoticed() {
    String typo = Chart.text().replace("serviceName:", "servceName:");
    assertThatThrownBy(() -> Manifests.parse(typo)).hasMessageContaining("servceName");
  }

  @ParameterizedTest
  @ValueSource(strings = {"open-realm.yaml", "tls.yaml"})
  void examplesRender(String example) {
    assertThat(Manifests.parse(Chart.example(example)).all()).hasSizeGreaterThanOrEqualTo(6);
  }

  @Test
  void everythingThatCanBeSetIsRendered() {
    Manifests all =
        Manifests.parse(
            Chart.text(
                Map.ofEntries(
                    Map.entry("replicas", 5),
                    Map.entry("image.repository", "registry.example.com/tandem"),
                    Map.entry("image.tag", "v9"),
                    Map.entry("image.pullPolicy", "Always"),
                    Map.entry("imagePullSecrets[0]", "pull"),
                    Map.entry("secrets[0]", "files"),
                    Map.entry("cluster.secret.key", "password"),
                    Map.entry("logLevel", "DEBUG"),
                    Map.entry("logFormat", "json"),
                    Map.entry("javaOptions", "-Xmx1g"),
                    Map.entry("drain.noticeSeconds", 0),
                    Map.entry("podDisruptionBudget.maxUnavailable", 2),
                    Map.entry("nodeSelector.disk", "fast"),
                    Map.entry("tolerations[0].key", "edge"),
                    Map.entry("tolerations[0].operator", "Exists"),
                    Map.entry("podLabels.team", "core"),
                    Map.entry("podAnnotations.note", "hello"),
                    Map.entry("service.client.type", "LoadBalancer"),
                    Map.entry("service.client.annotations.who", "me"),
                    Map.entry("service.management.annotations.what", "that"),
                    Map.entry("test.realm", "realm1"),
                    Map.entry("fullnameOverride", "wamp"))));
    Container node = node(all);
    assertThat(all.the(StatefulSet.class).getSpec().getReplicas()).isEqualTo(5);
    assertThat(node.getImage()).isEqualTo("registry.example.com/tandem:v9");
    assertThat(node.getImagePullPolicy()).isEqualTo("Always");
    assertThat(node.getLifecycle()).isNull();
    assertThat(node.getEnv())
        .extracting(env -> env.getName() + " " + env.getValue())
        .contains("TANDEM_LOG_LEVEL DEBUG", "TANDEM_LOG_FORMAT json", "JDK_JAVA_OPTIONS -Xmx1g");
    assertThat(node.getVolumeMounts())
        .anySatisfy(
            mount -> {
              assertThat(mount.getMountPath()).isEqualTo("/etc/tandem-secrets/files");
              assertThat(mount.getReadOnly()).isTrue();
            });
    assertThat(pod(all).getNodeSelector()).containsEntry("disk", "fast");
    assertThat(pod(all).getTolerations().get(0).getKey()).isEqualTo("edge");
    assertThat(pod(all).getImagePullSecrets().get(0).getName()).isEqualTo("pull");
    assertThat(template(all).getMetadata().getLabels()).containsEntry("team", "core");
    assertThat(annotations(all)).containsEntry("note", "hello");
    assertThat(all.named(Service.class, "wamp").getSpec().getType()).isEqualTo("LoadBalancer");
    assertThat(all.named(Service.class, "wamp").getMetadata().getAnnotations())
        .containsEntry("who", "me");
    assertThat(all.named(Service.class, "wamp-management").getMetadata().getAnnotations())
        .containsEntry("what", "that");
    assertThat(all.the(PodDisruptionBudget.class).getSpec().getMaxUnavailable().getIntVal())
        .isEqualTo(2);
  }

  // --- The configuration ---

  @Test
  void theNodeAcceptsTheConfiguration() throws Exception {
    NodeConfig config = config(defaults);
    ClusterConfig cluster = Objects.requireNonNull(config.cluster());
    assertThat(cluster.port()).isEqualTo(5701);
    assertThat(cluster.name()).isEqualTo(FULLNAME);
    assertThat(cluster.expect()).isEqualTo(3);
    assertThat(config.drainTimeout()).hasSeconds(20);
  }

  @Test
  void eachNodeKnowsHowManyThereAreToBe() throws Exception {
    NodeConfig five = config(Manifests.parse(Chart.text("replicas", 5)));
    assertThat(Objects.requireNonNull(five.cluster()).expect()).isEqualTo(5);
  }

  @Test
  void nobodyIsAdmittedUnlessTheValuesSaySo() throws Exception {
    assertThat(config(defaults).realms())
        .isNotEmpty()
        .allSatisfy(realm -> assertThat(realm.auth()).isEmpty());
    assertThat(config(Manifests.parse(Chart.example("open-realm.yaml"))).realms())
        .extracting(RealmConfig::name)
        .containsExactly("realm1");
  }

  @Test
  void theNodeAcceptsTheConfigurationWithTls(@TempDir Path secrets) throws Exception {
    Files.writeString(secrets.resolve("tls.crt"), "-----BEGIN CERTIFICATE-----");
    Files.writeString(secrets.resolve("tls.key"), "-----BEGIN PRIVATE KEY-----");
    String mounted =
        Chart.example("tls.yaml").replace("/etc/tandem-secrets/tandem-tls", secrets.toString());
    assertThat(config(Manifests.parse(mounted)).listeners().get(0).tls()).isNotNull();
  }

  @Test
  void nodesLookForEachOtherAtTheHeadlessService() throws Exception {
    ClusterConfig cluster = Objects.requireNonNull(config(defaults).cluster());
    assertThat(cluster.discovery())
        .isInstanceOfSatisfying(
            Discovery.KubernetesDns.class,
            dns -> assertThat(dns.service()).isEqualTo("tandem-headless"));
    Service headless = defaults.named(Service.class, "tandem-headless");
    assertThat(headless.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(headless.getSpec().getPublishNotReadyAddresses()).isTrue();
    assertThat(defaults.the(StatefulSet.class).getSpec().getServiceName())
        .isEqualTo("tandem-headless");
  }

  // --- The cluster's secret ---

  @Test
  void nodesProveASecretThatTheChartMakes() {
    byte[] secret = secret(defaults);
    assertThat(secret).hasSizeGreaterThanOrEqualTo(32);
    assertThat(secret(Manifests.parse(Chart.text()))).as("of another release").isNotEqualTo(secret);
    assertThat(defaults.the(Secret.class).getImmutable()).isTrue();
    assertThat(clusterVolume(defaults).getSecretName()).isEqualTo("tandem-cluster");
    assertThat(clusterVolume(defaults).getItems())
        .extracting(KeyToPath::getKey, KeyToPath::getPath)
        .containsExactly(tuple("secret", "secret"));
    assertThat(node(defaults).getVolumeMounts())
        .anySatisfy(
            mount -> {
              assertThat(mount.getName()).isEqualTo("cluster");
              assertThat(mount.getMountPath() + "/secret").isEqualTo(Pods.SECRET);
              assertThat(mount.getReadOnly()).isTrue();
            });
  }

  private static byte[] secret(Manifests manifests) {
    return Base64.getDecoder().decode(manifests.the(Secret.class).getData().get("secret"));
  }

  private static SecretVolumeSource clusterVolume(Manifests manifests) {
    return pod(manifests).getVolumes().stream()
        .filter(volume -> volume.getName().equals("cluster"))
        .map(Volume::getSecret)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theSecretStaysWhenTheChartIsUpgraded() {
    Manifests upgraded = Manifests.parse(Chart.upgraded("YmVmb3Jl"));
    assertThat(secret(upgraded)).asString().isEqualTo("before");
  }

  @Test
  void whoBringsASecretGetsNoOther() {
    Manifests brought =
        Manifests.parse(
            Chart.text(
                Map.of("cluster.secret.existingSecret", "mine", "cluster.secret.key", "password")));
    assertThat(brought.all(Secret.class)).isEmpty();
    assertThat(clusterVolume(brought).getSecretName()).isEqualTo("mine");
    assertThat(clusterVolume(brought).getItems())
        .extracting(KeyToPath::getKey)
        .containsExactly("password");
  }

  @Test
  void nodesShowEachOtherTheCertificateOfASecret() throws Exception {
    String plain = defaults.the(ConfigMap.class).getData().get("tandem.yaml");
    assertThat(plain).doesNotContain("tls");
    Manifests shown = Manifests.parse(Chart.text("cluster.tls.secret", "nodes-tls"));
    String yaml = shown.the(ConfigMap.class).getData().get("tandem.yaml");
    assertThat(yaml)
        .contains(
            "ca: /etc/tandem-cluster-tls/ca.crt",
            "certificate: /etc/tandem-cluster-tls/tls.crt",
            "key: /etc/tandem-cluster-tls/tls.key");
    assertThat(pod(shown).getVolumes())
        .anySatisfy(
            volume -> {
              assertThat(volume.getName()).isEqualTo("cluster-tls");
              assertThat(volume.getSecret().getSecretName()).isEqualTo("nodes-tls");
            });
    assertThat(node(shown).getVolumeMounts())
        .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/etc/tandem-cluster-tls"));
  }

  @Test
  void theSecretStandsInNoConfiguration() {
    String secret = new String(secret(defaults), StandardCharsets.US_ASCII);
    assertThat(defaults.the(ConfigMap.class).getData().values())
        .noneMatch(text -> text.contains(secret));
  }

  // --- Who may what ---

  @Test
  void selectorsFindTheNodesAndOnlyThem() {
    Manifests tested = Manifests.parse(Chart.example("open-realm.yaml"));
    Map<String, String> labels = template(tested).getMetadata().getLabels();
    Map<String, String> test = tested.the(Pod.class).getMetadata().getLabels();
    List<Map<String, String>> selectors =
        Stream.concat(
                tested.all(Service.class).stream().map(service -> service.getSpec().getSelector()),
                Stream.of(
                    tested.the(NetworkPolicy.class).getSpec().getPodSelector().getMatchLabels(),
                    tested.the(StatefulSet.class).getSpec().getSelector().getMatchLabels(),
                    tested.the(PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels()))
            .toList();
    assertThat(selectors)
        .hasSize(6)
        .allSatisfy(
            selector -> {
              assertThat(labels).containsAllEntriesOf(selector);
              assertThat(test.entrySet().containsAll(selector.entrySet())).isFalse();
            });
  }

  @Test
  void onlyTheClientServiceLeavesTheCluster() {
    Manifests exposed = Manifests.parse(Chart.text("service.client.type", "LoadBalancer"));
    assertThat(exposed.all(Service.class))
        .filteredOn(service -> !service.getSpec().getType().equals("ClusterIP"))
        .extracting(service -> service.getMetadata().getName())
        .containsExactly("tandem");
  }

  @Test
  void clientsFromOutsideKeepTheirAddressUnlessTheValuesSayOtherwise() {
    assertThat(policy(Map.of("type", "LoadBalancer"))).isEqualTo("Local");
    assertThat(policy(Map.of("type", "NodePort"))).isEqualTo("Local");
    assertThat(policy(Map.of("type", "ClusterIP"))).isNull();
    assertThat(policy(Map.of("type", "NodePort", "externalTrafficPolicy", "Cluster")))
        .isEqualTo("Cluster");
  }

  private static String policy(Map<String, String> client) {
    Map<String, String> values =
        client.entrySet().stream()
            .collect(
                Collectors.toMap(each -> "service.client." + each.getKey(), Map.Entry::getValue));
    return Manifests.parse(Chart.text(values))
        .named(Service.class, "tandem")
        .getSpec()
        .getExternalTrafficPolicy();
  }

  // --- helm test ---

  @Test
  void theTestReachesEachNodeUnderItsOwnName() throws Exception {
    assertThat(Chart.DIRECTORY.resolve("templates/tests/selftest.yaml"))
        .content()
        .containsOnlyOnce(Chart.HOOK);
    Pod test = Manifests.parse(Chart.example("open-realm.yaml")).the(Pod.class);
    assertThat(test.getSpec().getContainers().get(0).getArgs())
        .containsExactly(
            "selftest",
            "--realm",
            "realm1",
            "--prefix",
            "tandem.selftest",
            "ws://tandem-0.tandem-headless:8080/ws",
            "ws://tandem-1.tandem-headless:8080/ws",
            "ws://tandem-2.tandem-headless:8080/ws");
  }

  @Test
  void thereIsNoTestWhereNobodyIsAdmitted() {
    assertThat(defaults.all()).noneMatch(Pod.class::isInstance);
  }

  @Test
  void namesStayShortEnoughForThePods() {
    assertThat(Manifests.parse(Chart.text("fullnameOverride", "n".repeat(60))).all())
        .extracting(HasMetadata::getMetadata)
        .allSatisfy(metadata -> assertThat(metadata.getName()).hasSizeLessThanOrEqualTo(52));
  }
}
