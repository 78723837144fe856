package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Helm tells after an installation, and what it does for {@code helm test}. */
class NotesTest {

  private static String notes(String set) {
    String output = Chart.installed(Chart.VALUES.resolve(set + ".yaml"));
    return output.substring(output.indexOf("NOTES:"));
  }

  @ParameterizedTest
  @CsvSource({
    "one-node,ws://tandem.default:8080/ws",
    "tls-secret,wss://tandem.default:443/ws",
    "tls-secret,wss://$ADDRESS:443/ws",
    "tls-secret,.status.loadBalancer.ingress[0]",
    "load-balancer,ws://$ADDRESS:80/ws",
    "node-port,ws://$ADDRESS:$PORT/ws",
    "node-port,.spec.ports[0].nodePort",
    "ingress,wss://wamp.example.com/ws",
    "ingress-to-tls,ws://wamp.example.com/ws",
    "one-node,ADMITS NOBODY",
    "one-node,\"helm test\" has nothing to try",
    "open-realm,helm --namespace default test tandem --logs",
  })
  void notesTellWhereClientsGoAndWhatIsLeftToDo(String set, String told) {
    assertThat(notes(set)).contains(told);
  }

  @Test
  void nobodyIsToldOfAnAddressThatIsNotThere() {
    assertThat(notes("one-node")).doesNotContain("$ADDRESS");
    assertThat(notes("open-realm")).doesNotContain("ADMITS NOBODY", "nothing to try");
  }

  /**
   * The first one is the test. Helm leaves its pod behind at the end of the release, unless a hook
   * of the same name asks for its place, and goes.
   */
  @Test
  void thePodOfTheTestStaysForItsLogsAndNotLonger() {
    List<Pod> pods =
        Manifests.parse(Chart.withHooks(Chart.VALUES.resolve("open-realm.yaml"))).all(Pod.class);
    assertThat(pods).hasSize(2);
    assertThat(pods).extracting(pod -> pod.getMetadata().getName()).containsOnly("tandem-selftest");
    assertThat(pods)
        .extracting(pod -> pod.getMetadata().getAnnotations())
        .containsExactlyInAnyOrder(
            Map.of("hook", "test", "helm.sh/hook-delete-policy", "before-hook-creation"),
            Map.of(
                "hook",
                "post-delete",
                "helm.sh/hook-delete-policy",
                "before-hook-creation,hook-succeeded,hook-failed"));
    assertThat(pods)
        .filteredOn(pod -> pod.getSpec().getActiveDeadlineSeconds() != null)
        .singleElement()
        .satisfies(
            pod -> {
              assertThat(pod.getSpec().getServiceAccountName())
                  .as("its ServiceAccount is gone by then")
                  .isNull();
              assertThat(pod.getSpec().getContainers().get(0).getArgs())
                  .containsExactly("selftest", "--help");
            });
  }
}
