package io.tandem.helm;

import static io.tandem.helm.Pods.annotations;
import static io.tandem.helm.Pods.node;
import static io.tandem.helm.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.tandem.node.config.ConfigChange;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pods that the chart renders: how they are started, probed, stopped, and what they may do. */
class ChartPodsTest {

  private final Manifests defaults = Manifests.parse(Chart.text());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.lanes=1",
        "config.memory=64MiB",
        "config.management.port=9999",
        "config.cluster.wire=socket",
        "config.audit.file=/var/log/tandem/audit",
        "drain.timeoutSeconds=30",
      })
  void whatNodesLookAtOnlyWhenTheyStartRestartsThem(String change) {
    assertThat(restartsAfter(change)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replicas=4",
        "config.realms[0].name=com.example.other",
        "config.bans[0]=192.0.2.0/24",
        "config.failedLogins.perAddress=20",
        "config.reload.interval=1m",
      })
  void whatNodesTakeOverWhileTheyRunRestartsNone(String change) {
    assertThat(restartsAfter(change)).isFalse();
  }

  /** Whether the template of the pods is another one, for which their controller restarts them. */
  private boolean restartsAfter(String change) {
    String[] parts = change.split("=", 2);
    Manifests changed = Manifests.parse(Chart.text(parts[0], parts[1]));
    return !Pods.template(changed).equals(Pods.template(defaults));
  }

  /**
   * What the node says of such a change is the judge: the values that restart no node are live for
   * it, and the others are not.
   */
  @ParameterizedTest
  @CsvSource({"live-settings,true", "settings-at-start,false", "cluster-by-sockets,false"})
  void theNodeItselfCallsThatLive(String set, boolean live) throws Exception {
    Manifests changed = Manifests.parse(Chart.with(Chart.VALUES.resolve(set + ".yaml")));
    ConfigChange change = ConfigChange.between(Pods.config(defaults), Pods.config(changed));
    assertThat(change.restart().isEmpty()).as("%s", change.restart()).isEqualTo(live);
    assertThat(annotations(changed).equals(annotations(defaults))).isEqualTo(live);
  }

  @Test
  void nodesWatchTheirFilesUnlessTheValuesSayOtherwise() throws Exception {
    assertThat(Pods.config(defaults).reload().watch()).isTrue();
    Manifests asked = Manifests.parse(Chart.text("config.reload.interval", "1m"));
    assertThat(Pods.config(asked).reload().watch()).isTrue();
    assertThat(Pods.config(asked).reload().interval()).hasMinutes(1);
    Manifests deaf = Manifests.parse(Chart.text("config.reload.watch", false));
    assertThat(Pods.config(deaf).reload().watch()).isFalse();
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
}
