package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who says how many nodes there are, once an autoscaler may, and how it lets them go. */
class AutoscalingTest {

  private static final Path VALUES = Chart.VALUES.resolve("autoscaling-cpu.yaml");

  private static final String HELM = "(dict \"operation\" \"Apply\")";
  private static final String HELM_WITHOUT_SERVER_SIDE_APPLY = "(dict \"operation\" \"Update\")";
  private static final String AUTOSCALER =
      "(dict \"operation\" \"Update\" \"subresource\" \"scale\")";

  @Test
  void switchedOnForNodesThatRunItLetsAllOfThemGoOn() {
    assertThat(numberAmong(5, HELM)).isEqualTo(5);
  }

  @Test
  void helmLeavesTheNumberAloneOnceTheAutoscalerHasSetIt() {
    assertThat(numberAmong(5, HELM, AUTOSCALER)).isNull();
  }

  @Test
  void withoutServerSideApplyHelmGoesOnToSayWhatTheAutoscalerHasSet() {
    assertThat(numberAmong(5, HELM_WITHOUT_SERVER_SIDE_APPLY, AUTOSCALER)).isEqualTo(5);
  }

  @Test
  void aNewReleaseLeavesTheNumberToTheAutoscaler() {
    assertThat(number(Chart.with(VALUES))).isNull();
  }

  @Test
  void nodesThatHaveJustComeDoNotLetSeveralGoAtOnce() {
    HPAScalingRules down = whenFewerWouldDo(Map.of("drain.timeoutSeconds", 300));
    assertThat(down.getPolicies())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.getValue()).isEqualTo(1);
              assertThat(one.getPeriodSeconds()).isEqualTo(60 + 5 + 300 + 30);
            });
    assertThat(down.getStabilizationWindowSeconds()).isEqualTo(60 + 5 + 300 + 30);
  }

  @Test
  void whoWantsToWaitLongerThanThatDoes() {
    HPAScalingRules down = whenFewerWouldDo(Map.of("autoscaling.scaleDownAfterSeconds", 900));
    assertThat(down.getStabilizationWindowSeconds()).isEqualTo(900);
  }

  private static HPAScalingRules whenFewerWouldDo(Map<String, Object> set) {
    Map<String, Object> values = new HashMap<>();
    values.put("autoscaling.enabled", true);
    values.put("autoscaling.scaleDownAfterSeconds", 300);
    values.putAll(set);
    return Manifests.parse(Chart.text(values))
        .the(HorizontalPodAutoscaler.class)
        .getSpec()
        .getBehavior()
        .getScaleDown();
  }

  /** The number of an upgrade where as many nodes run, of which these have said something. */
  private static Integer numberAmong(int running, String... managers) {
    return number(
        Chart.upgraded(
            VALUES,
            "(dict \"spec\" (dict \"replicas\" %d) \"metadata\" (dict \"managedFields\" (list %s)))"
                .formatted(running, String.join(" ", managers))));
  }

  private static Integer number(String chart) {
    return Manifests.parse(chart).the(StatefulSet.class).getSpec().getReplicas();
  }
}
