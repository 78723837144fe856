package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.tandem.cluster.membership.Discovery;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.config.RealmConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartTest {

  private static final String FULLNAME = "tandem";

  private final Manifests defaults = Manifests.parse(Chart.text());

  private static PodTemplateSpec template(Manifests manifests) {
    return manifests.the(StatefulSet.class).getSpec().getTemplate();
  }

  private static PodSpec pod(Manifests manifests) {
    return template(manifests).getSpec();
  }

  private static Container node(Manifests manifests) {
    assertThat(pod(manifests).getContainers()).hasSize(1);
    return pod(manifests).getContainers().get(0);
  }

  static NodeConfig config(Manifests manifests) throws Exception {
    String yaml = manifests.the(ConfigMap.class).getData().get("tandem.yaml");
    return Configurations.parse("tandem.yaml", yaml);
  }

  private static Map<String, String> annotations(Manifests manifests) {
    return template(manifests).getMetadata().getAnnotations();
  }

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
  void rendersThreeNodesWithTheirServicesBudgetAndConfiguration() {
    assertThat(defaults.all())
        .extracting(object -> object.getKind() + " " + object.getMetadata().getName())
        .containsExactlyInAnyOrder(
            "StatefulSet tandem",
            "Service tandem",
            "Service tandem-management",
            "Service tandem-headless",
            "PodDisruptionBudget tandem",
            "ConfigMap tandem");
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
                    Map.entry("logLevel", "DEBUG"),
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
        .extracting(EnvVar::getName, EnvVar::getValue)
        .contains(tuple("TANDEM_LOG_LEVEL", "DEBUG"), tuple("JDK_JAVA_OPTIONS", "-Xmx1g"));
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
        .allSatisfy(realm -> assertThat(realm.auth().anonymous()).isNull());
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

  @Test
  void aChangeOfTheConfigurationRestartsTheNodes() {
    String before = annotations(defaults).get("checksum/config");
    Manifests same = Manifests.parse(Chart.text("replicas", 4));
    Manifests other = Manifests.parse(Chart.text("config.lanes", 1));
    assertThat(annotations(same)).containsEntry("checksum/config", before);
    assertThat(annotations(other).get("checksum/config")).isNotEqualTo(before);
  }

  @Test
  void portsOfTheConfigurationAreThoseOfPodAndServices() {
    Map<String, Object> values = new HashMap<>();
    values.put("config.listeners[0].address", "0.0.0.0");
    values.put("config.listeners[0].port", 8081);
    values.put("config.listeners[1].address", "0.0.0.0");
    values.put("config.listeners[1].port", 8444);
    values.put("config.management.address", "0.0.0.0");
    values.put("config.management.port", 9999);
    Manifests changed = Manifests.parse(Chart.text(values));
    assertThat(node(changed).getPorts())
        .extracting(ContainerPort::getContainerPort)
        .containsExactly(8081, 8444, 9999, 5701, 5702);
    assertThat(changed.named(Service.class, "tandem").getSpec().getPorts())
        .extracting(ServicePort::getPort)
        .containsExactly(8081, 8444);
    assertThat(changed.named(Service.class, "tandem-management").getSpec().getPorts())
        .extracting(ServicePort::getPort)
        .containsExactly(9999);
  }

  // --- Start and end of a node ---

  @Test
  void argumentsAreOptionsOfStart() throws Exception {
    List<String> args = node(defaults).getArgs();
    assertThat(args)
        .containsExactly(
            "start",
            "--config",
            "/etc/tandem/tandem.yaml",
            "--cluster-host",
            "$(POD_IP)",
            "--node",
            "$(POD_NAME)");
    assertThat(node(defaults).getEnv())
        .filteredOn(variable -> variable.getValueFrom() != null)
        .extracting(v -> v.getName() + " " + v.getValueFrom().getFieldRef().getFieldPath())
        .containsExactly("POD_IP status.podIP", "POD_NAME metadata.name");
    String help = helpOfStart();
    assertThat(args.stream().filter(arg -> arg.startsWith("--")))
        .allSatisfy(option -> assertThat(help).contains(option + "="));
  }

  private static String helpOfStart() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.tandem.node.Main",
                "start",
                "--help")
            .start();
    try (BufferedReader output = process.inputReader()) {
      return String.join("\n", output.lines().toList());
    }
  }

  @Test
  void probesAskTheManagementPort() {
    Container node = node(defaults);
    assertThat(Stream.of(node.getStartupProbe(), node.getLivenessProbe(), node.getReadinessProbe()))
        .extracting(Probe::getHttpGet)
        .extracting(HTTPGetAction::getPath)
        .containsExactly("/health/startup", "/health/live", "/health/ready");
    assertThat(Stream.of(node.getStartupProbe(), node.getLivenessProbe(), node.getReadinessProbe()))
        .allSatisfy(
            probe -> assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management"));
  }

  @Test
  void aLaneThatIsAskedWhetherItLivesMayTakeItsTwoSeconds() {
    assertThat(node(defaults).getLivenessProbe().getTimeoutSeconds()).isGreaterThan(2);
  }

  @ParameterizedTest
  @CsvSource({"5,20,30,55", "0,300,10,310", "10,0,60,70"})
  void theGracePeriodCoversNoticeDrainAndLeaving(int notice, int drain, int leave, long grace) {
    Manifests changed =
        Manifests.parse(
            Chart.text(
                Map.of(
                    "drain.noticeSeconds", notice,
                    "drain.timeoutSeconds", drain,
                    "drain.leaveSeconds", leave)));
    assertThat(pod(changed).getTerminationGracePeriodSeconds()).isEqualTo(grace);
    if (notice > 0) {
      assertThat(node(changed).getLifecycle().getPreStop().getSleep().getSeconds())
          .isEqualTo(notice);
    }
  }

  @Test
  void nodesStartTogetherAndAreSpreadWherePossible() {
    assertThat(defaults.the(StatefulSet.class).getSpec().getPodManagementPolicy())
        .isEqualTo("Parallel");
    assertThat(pod(defaults).getTopologySpreadConstraints())
        .extracting(TopologySpreadConstraint::getWhenUnsatisfiable)
        .containsOnly("ScheduleAnyway");
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
                    tested.the(StatefulSet.class).getSpec().getSelector().getMatchLabels(),
                    tested.the(PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels()))
            .toList();
    assertThat(selectors)
        .hasSize(5)
        .allSatisfy(
            selector -> {
              assertThat(labels).containsAllEntriesOf(selector);
              assertThat(test.entrySet().containsAll(selector.entrySet())).isFalse();
            });
  }

  @Test
  void podsMayDoNothingThatTheyNeedNot() {
    Manifests tested = Manifests.parse(Chart.example("open-realm.yaml"));
    assertThat(List.of(pod(tested), tested.the(Pod.class).getSpec()))
        .allSatisfy(
            pod -> {
              assertThat(pod.getAutomountServiceAccountToken()).isFalse();
              assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
              assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001L);
              assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                  .isEqualTo("RuntimeDefault");
              Container container = pod.getContainers().get(0);
              assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
              assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
              assertThat(container.getSecurityContext().getCapabilities().getDrop())
                  .containsExactly("ALL");
              assertThat(container.getResources().getLimits()).containsKey("memory");
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

  // --- What is refused ---

  @ParameterizedTest
  @CsvSource({
    "replica,3",
    "replicas,three",
    "replicas,0",
    "image.tga,1",
    "config.listener,x",
    "config.cluster.name,other",
    "config.drainTimeout,10s",
    "config.lanes,many",
    "config.management.address,127.0.0.1",
    "config.management.port,80",
    "config.listeners[0].unix,/run/tandem.sock",
    "logLevel,LOUD",
    "drain.timeoutSeconds,301",
    "drain.noticeSeconds,soon",
    "service.client.type,ExternalName",
    "service.client.port,80",
    "resources.limit.memory,1Gi",
    "podDisruptionBudget.minAvailable,1",
    "secrets[0],Not_A_Name",
    "test.relam,realm1",
  })
  void theSchemaRefuses(String key, String value) {
    assertThatThrownBy(() -> Chart.text(key, value)).hasMessageContaining("schema");
  }

  @Test
  void namesStayShortEnoughForThePods() {
    assertThat(Manifests.parse(Chart.text("fullnameOverride", "n".repeat(60))).all())
        .extracting(HasMetadata::getMetadata)
        .allSatisfy(metadata -> assertThat(metadata.getName()).hasSizeLessThanOrEqualTo(52));
  }
}
