package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who comes to the nodes, and where. */
class DoorsTest {

  private static Manifests set(String name) {
    return Manifests.parse(Chart.with(Chart.VALUES.resolve(name + ".yaml")));
  }

  private final Manifests defaults = Manifests.parse(Chart.text());

  /** The rule for a port, of which there is one. */
  private static NetworkPolicyIngressRule rule(Manifests manifests, int port) {
    return manifests.the(NetworkPolicy.class).getSpec().getIngress().stream()
        .filter(rule -> numbers(rule).contains(port))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no rule for " + port));
  }

  private static List<Integer> numbers(NetworkPolicyIngressRule rule) {
    return rule.getPorts().stream()
        .map(NetworkPolicyPort::getPort)
        .map(IntOrString::getIntVal)
        .toList();
  }

  @Test
  void clusterPortsAreOpenToTheNodesOfTheReleaseAlone() {
    assertThat(numbers(rule(defaults, 5701))).containsExactly(5701, 5702);
    List<NetworkPolicyPeer> peers = rule(defaults, 5701).getFrom();
    assertThat(peers).hasSize(1);
    assertThat(peers.get(0).getNamespaceSelector()).as("of this namespace").isNull();
    Map<String, String> chosen = peers.get(0).getPodSelector().getMatchLabels();
    assertThat(Pods.template(defaults).getMetadata().getLabels()).containsAllEntriesOf(chosen);
    assertThat(set("open-realm").the(Pod.class).getMetadata().getLabels().entrySet())
        .as("the test is no node")
        .doesNotContainAnyElementsOf(Map.of("app.kubernetes.io/component", "node").entrySet());
    assertThat(chosen).containsKey("app.kubernetes.io/instance");
  }

  @Test
  void clientsComeFromAnywhereAndWhoAsksTheManagementFromTheCluster() {
    assertThat(rule(defaults, 8080).getFrom()).isEmpty();
    assertThat(rule(defaults, 9080).getFrom())
        .singleElement()
        .satisfies(peer -> assertThat(peer.getIpBlock()).isNull());
  }

  @Test
  void theTestGetsInWhereFewDo() {
    Manifests few = set("network-policy");
    Map<String, String> test = few.the(Pod.class).getMetadata().getLabels();
    assertThat(rule(few, 8080).getFrom())
        .hasSize(3)
        .filteredOn(peer -> peer.getPodSelector() != null)
        .anySatisfy(
            peer -> assertThat(test).containsAllEntriesOf(peer.getPodSelector().getMatchLabels()));
  }

  /** An empty list of peers is everybody for Kubernetes. */
  @Test
  void nobodyMayAskTheManagementWhereTheListIsEmpty(@TempDir Path directory) throws IOException {
    Path values = directory.resolve("values.yaml");
    Files.writeString(values, "networkPolicy: {management: []}");
    Manifests nobody = Manifests.parse(Chart.with(values));
    assertThat(nobody.the(NetworkPolicy.class).getSpec().getIngress())
        .hasSize(2)
        .noneMatch(rule -> numbers(rule).contains(9080));
  }

  @ParameterizedTest
  @CsvSource({"tls-secret,443,client", "two-listeners,9000,client-1", "node-port,80,client"})
  void portsOfTheServiceAreItsOwnAndLeadToTheListener(String set, int port, String target) {
    assertThat(set(set).named(Service.class, "tandem").getSpec().getPorts())
        .filteredOn(each -> each.getPort() == port)
        .extracting(ServicePort::getTargetPort)
        .extracting(IntOrString::getStrVal)
        .containsExactly(target);
  }

  @Test
  void theOtherServicesKeepToOneFamilyWhichIsThatOfThePodsAddress() {
    assertThat(set("dual-stack").all(Service.class))
        .filteredOn(service -> !service.getMetadata().getName().equals("tandem"))
        .hasSize(2)
        .allSatisfy(service -> assertThat(service.getSpec().getIpFamilyPolicy()).isNull());
  }
}
