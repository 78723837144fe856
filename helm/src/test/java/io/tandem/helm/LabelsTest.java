package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Labels and annotations of one's own beside those of the chart; a key twice is refused by parsing.
 */
class LabelsTest {

  private final Manifests own = Manifests.parse(Chart.with(Chart.VALUES.resolve("labels.yaml")));
  private final ObjectMeta pod = Pods.template(own).getMetadata();

  @Test
  void thoseOfPodsAreTheStrongest() {
    assertThat(pod.getLabels())
        .containsEntry("app.kubernetes.io/version", "9.9")
        .containsEntry("team", "core")
        .containsEntry("app.kubernetes.io/part-of", "shop");
    assertThat(pod.getAnnotations()).isEqualTo(Map.of("checksum/config", "mine", "note", "hello"));
  }

  @Test
  void commonOnesAreEverywhere() {
    assertThat(own.all())
        .allSatisfy(
            object ->
                assertThat(object.getMetadata().getLabels())
                    .containsEntry("app.kubernetes.io/part-of", "shop")
                    .containsEntry("team", "messaging"));
    assertThat(own.the(ServiceAccount.class).getMetadata().getAnnotations())
        .containsEntry("note", "no role");
  }

  @Test
  void podsAreStillSelected() {
    assertThat(pod.getLabels())
        .containsAllEntriesOf(own.the(StatefulSet.class).getSpec().getSelector().getMatchLabels());
  }

  /** It would restart all nodes for a comma in a comment of the chart. */
  @Test
  void podsDoNotTellTheVersionOfTheChart() {
    assertThat(Pods.template(Manifests.parse(Chart.text())).getMetadata().getLabels())
        .doesNotContainKey("helm.sh/chart");
  }
}
