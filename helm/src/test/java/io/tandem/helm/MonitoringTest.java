package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.RuleGroup;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the chart makes for Prometheus and Grafana, of the same files that others may take. */
class MonitoringTest {

  private static final Path FILES = Chart.DIRECTORY.resolve("files");

  private final Manifests all =
      Manifests.parse(Chart.with(Chart.VALUES.resolve("monitoring.yaml")));

  @Test
  void rulesAreThoseOfTheFile() throws IOException {
    assertThat(Manifests.tree(all.the(PrometheusRule.class)).path("spec"))
        .isEqualTo(Manifests.tree(Files.readString(FILES.resolve("alerts.yaml"))));
  }

  /** Whoever is woken by an alert gets to its heading, where the runbook stands for them. */
  @Test
  void alertsLeadToTheRunbookThatIsNamed() {
    String url = "https://wiki.example.com/tandem/runbook";
    PrometheusRule rule =
        Manifests.parse(Chart.text(Map.of("monitoring.alerts", true, "monitoring.runbookUrl", url)))
            .the(PrometheusRule.class);
    assertThat(rule.getSpec().getGroups())
        .flatExtracting(RuleGroup::getRules)
        .isNotEmpty()
        .allSatisfy(
            alert ->
                assertThat(alert.getAnnotations())
                    .doesNotContainKey("runbook")
                    .containsEntry(
                        "runbook_url", url + "#" + alert.getAlert().toLowerCase(Locale.ROOT)));
  }

  @Test
  void eachDashboardHasAConfigMapThatTheSidecarFinds() throws IOException {
    List<Path> dashboards;
    try (Stream<Path> files = Files.list(FILES.resolve("dashboards"))) {
      dashboards = files.toList();
    }
    assertThat(dashboards).isNotEmpty();
    for (Path dashboard : dashboards) {
      String file = dashboard.getFileName().toString();
      ConfigMap map = all.named(ConfigMap.class, "tandem-" + file.replace(".json", ""));
      assertThat(map.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
      ObjectMapper json = new ObjectMapper();
      assertThat(json.readTree(map.getData().get("tandem-" + file)))
          .isEqualTo(json.readTree(Files.readString(dashboard)));
    }
  }

  /** A monitor that finds nothing is silent about it. */
  @Test
  void theMonitorFindsTheServiceAndItsPort() {
    ServiceMonitor monitor = all.the(ServiceMonitor.class);
    Map<String, String> labels = monitor.getSpec().getSelector().getMatchLabels();
    List<Service> found =
        all.all(Service.class).stream()
            .filter(
                each -> each.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
            .toList();
    assertThat(found)
        .extracting(each -> each.getMetadata().getName())
        .containsExactly("tandem-management");
    assertThat(found.get(0).getSpec().getPorts())
        .extracting(ServicePort::getName)
        .contains(monitor.getSpec().getEndpoints().get(0).getPort());
  }

  @Test
  void theMonitorOfPodsFindsThemAndTheirPort() {
    Manifests sessions =
        Manifests.parse(Chart.with(Chart.VALUES.resolve("autoscaling-sessions.yaml")));
    PodMonitor monitor = sessions.the(PodMonitor.class);
    assertThat(Pods.template(sessions).getMetadata().getLabels())
        .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels());
    assertThat(Pods.node(sessions).getPorts())
        .anyMatch(
            port ->
                port.getName().equals(monitor.getSpec().getPodMetricsEndpoints().get(0).getPort()));
  }

  /** The node demands what the monitor shows, from one and the same Secret. */
  @Test
  void theTokenOfTheMonitorIsThatOfTheNode() throws Exception {
    var credentials =
        all.the(ServiceMonitor.class)
            .getSpec()
            .getEndpoints()
            .get(0)
            .getAuthorization()
            .getCredentials();
    assertThat(Pods.pod(all).getVolumes())
        .filteredOn(volume -> volume.getName().equals("metrics"))
        .singleElement()
        .satisfies(
            volume -> {
              assertThat(volume.getSecret().getSecretName()).isEqualTo(credentials.getName());
              assertThat(volume.getSecret().getItems().get(0).getKey())
                  .isEqualTo(credentials.getKey());
            });
    assertThat(Pods.yaml(all)).contains("metricsToken").contains("file: /etc/tandem-metrics/token");
    assertThat(Pods.config(all).management()).isNotNull();
  }
}
