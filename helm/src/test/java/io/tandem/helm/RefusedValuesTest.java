package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the chart does not take, and says why. */
class RefusedValuesTest {

  private static final JsonNode SCHEMA = tree("values.schema.json");

  private static JsonNode tree(String file) {
    try {
      return Manifests.tree(Files.readString(Chart.DIRECTORY.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "replica,3",
    "replicas,three",
    "replicas,0",
    "image.tga,1",
    "image.digest,sha256:0123",
    "image.repository,tandem@sha256:0123",
    "config.listener,x",
    "config.cluster.name,other",
    "config.cluster.wire,pigeon",
    "config.drainTimeout,10s",
    "config.lanes,many",
    "config.management.address,127.0.0.1",
    "config.management.port,80",
    "config.listeners[0].unix,/run/tandem.sock",
    "monitoring.runbookUrl,docs/runbook.md",
    "logLevel,LOUD",
    "logFormat,xml",
    "drain.timeoutSeconds,301",
    "drain.noticeSeconds,soon",
    "autoscaling.scaleDownAfterSeconds,60",
    "autoscaling.minReplicas,0",
    "service.client.type,ExternalName",
    "service.client.port,80",
    "service.client.ports[0].number,80",
    "service.client.externalTrafficPolicy,Anywhere",
    "service.client.ipFamilies[0],IPv5",
    "service.client.ipFamilyPolicy,DualStack",
    "service.client.sourceRanges[0],203.0.113.7",
    "ingress.hosts[0],wamp.example.com",
    "ingress.host,https://wamp.example.com",
    "ingress.path,ws",
    "gateway.http.hosts[0],UPPER.example.com",
    "networkPolicy.clients[0].pods,all",
    "monitoring.monitor,Probe",
    "monitoring.interval,often",
    "resources.limit.memory,1Gi",
    "resources.limits.memory,96Mi",
    "resources.limits.memory,255Mi",
    "resources.limits.memory,1073741",
    "resources.requests.memory,much",
    "podDisruptionBudget.minAvailable,1",
    "podLabels.app\\.kubernetes\\.io/name,other",
    "commonLabels.app\\.kubernetes\\.io/component,other",
    "priorityClassName,Very High",
    "secrets[0],Not_A_Name",
    "secrets[0],dots..in-a-row",
    "cluster.secret.value,in-the-values",
    "cluster.secret.existingSecret,Not_A_Name",
    "cluster.tls.secret,Not_A_Name",
    "tls.issuer.kind,Self",
    "extraEnv[0].value,nameless",
    "test.relam,realm1",
  })
  void theSchemaRefuses(String key, String value) {
    assertThatThrownBy(() -> Chart.text(key, value)).hasMessageContaining("schema");
  }

  @ParameterizedTest
  @CsvSource({"256Mi", "999Mi", "1Gi", "1.5Gi", "2G", "300M", "10Gi"})
  void memoryForANodeMayBeSaidInManyWays(String memory) {
    assertThat(Pods.node(Manifests.parse(Chart.text("resources.limits.memory", memory))))
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "autoscaling.enabled=true,autoscaling.minReplicas=5,autoscaling.maxReplicas=4"
            + "| minReplicas is more than maxReplicas",
        "autoscaling.enabled=true,autoscaling.cpuPercent=0 | neither cpuPercent nor sessionsPerPod",
        "autoscaling.enabled=true,resources.requests=null | resources.requests.cpu does not say",
        "autoscaling.enabled=true,autoscaling.sessionsPerPod=10 | /metrics is closed",
        "monitoring.monitor=PodMonitor | /metrics is closed",
        "tls.secret=a,tls.issuer.name=b,tls.hosts[0]=c | tls: a Secret and an issuer are named",
        "cluster.tls.secret=a,cluster.tls.issuer.name=b | cluster.tls: a Secret and an issuer",
        "tls.issuer.name=b | tls.hosts: an issuer is named",
        "ingress.enabled=true | ingress.host",
        "gateway.tcp.parents[0].name=edge,gateway.tcp.listener=3 | there is no listener 3",
        "service.client.ports[0].port=80,service.client.ports[1].port=81 | there are more ports"
            + " than listeners",
        "service.client.ipFamilies[0]=IPv6 | listens on 0.0.0.0",
      })
  void whatDoesNotGoTogetherIsRefused(String values, String message) {
    Map<String, Object> all = new HashMap<>();
    for (String value : values.split(",", -1)) {
      String[] pair = value.split("=", 2);
      all.put(pair[0], pair[1]);
    }
    assertThatThrownBy(() -> Chart.text(all)).hasMessageContaining(message);
  }

  /** So that nobody can set what has no default and no explanation, nor read of what is refused. */
  @Test
  void theSchemaKnowsTheValuesThatThereAreAndNoOthers() {
    Set<String> known = new TreeSet<>();
    properties("", SCHEMA, known);
    Set<String> there = new TreeSet<>();
    values("", tree("values.yaml"), there);
    known.remove("global");
    known.removeIf(key -> key.startsWith("config.") || key.startsWith("resources."));
    there.removeIf(key -> key.startsWith("config.") || key.startsWith("resources."));
    there.removeIf(key -> key.startsWith("monitoring.dashboardLabels."));
    known.removeIf(key -> key.startsWith("affinity."));
    assertThat(known).isEqualTo(there);
  }

  private static void properties(String prefix, JsonNode schema, Set<String> into) {
    JsonNode meant = schema;
    if (schema.has("$ref")) {
      meant = SCHEMA.path("definitions").path(schema.get("$ref").asText().substring(14));
    }
    meant
        .path("properties")
        .properties()
        .forEach(
            property -> {
              into.add(prefix + property.getKey());
              properties(prefix + property.getKey() + ".", property.getValue(), into);
            });
  }

  private static void values(String prefix, JsonNode values, Set<String> into) {
    values
        .properties()
        .forEach(
            value -> {
              into.add(prefix + value.getKey());
              values(prefix + value.getKey() + ".", value.getValue(), into);
            });
  }

  /** Whoever gives the node another key lets the chart take it, or says here that it is its own. */
  @Test
  void theConfigurationTakesWhatTheNodeTakes() throws IOException {
    Set<String> ofTheNode = new TreeSet<>();
    boolean there = false;
    for (String line : Files.readAllLines(Path.of("../docs/configuration.md"))) {
      there = line.startsWith("## ") ? line.equals("## The document") : there;
      if (there && line.startsWith("| `")) {
        ofTheNode.add(line.split("`", 3)[1]);
      }
    }
    Set<String> ofTheChart = new TreeSet<>();
    SCHEMA.at("/properties/config/properties").fieldNames().forEachRemaining(ofTheChart::add);
    ofTheChart.add("drainTimeout");
    assertThat(ofTheChart).isEqualTo(ofTheNode);
  }

  @Test
  void everythingElseIsRefusedAtEveryDepth() {
    closed("", SCHEMA);
  }

  /** Says of each mapping with named keys that it takes no others, but for those of the node. */
  private static void closed(String path, JsonNode schema) {
    if (schema.has("properties")
        && !path.startsWith("/config/")
        && !path.startsWith("/resources/")) {
      assertThat(schema.path("additionalProperties").isBoolean()).as(path).isTrue();
      assertThat(schema.path("additionalProperties").asBoolean()).as(path).isFalse();
    }
    schema
        .path("properties")
        .properties()
        .forEach(property -> closed(path + "/" + property.getKey(), property.getValue()));
  }
}
