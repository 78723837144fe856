package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.tandem.node.config.NodeConfig;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plain manifests: whole, readable by a node, and at one with the chart. */
class KustomizeTest {

  private static final Path K8S = Path.of("..", "k8s");

  private final Manifests chart = Manifests.parse(Chart.text());
  private final Manifests base =
      new Manifests(
          list(Manifests.map(K8S.resolve("base/kustomization.yaml")).get("resources")).stream()
              .map(String.class::cast)
              .flatMap(file -> read(K8S.resolve("base").resolve(file)).all().stream())
              .toList());

  private static Manifests read(Path file) {
    return Manifests.parse(text(file));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NodeConfig config(Path file) throws Exception {
    return Pods.config(file.toString(), text(file));
  }

  // --- At one with the chart ---

  /** The Secret is made by hand, the ConfigMap by a generator. */
  @Test
  void theBaseIsWhatTheChartRenders() {
    Manifests rendered =
        new Manifests(
            chart.all().stream()
                .filter(object -> !(object instanceof Secret || object instanceof ConfigMap))
                .toList());
    assertThat(Differences.between(base, rendered)).allMatch(KustomizeTest::saysWhereItComesFrom);
    assertThat(base.all()).hasSameSizeAs(rendered.all());
  }

  /** An object's line, or a label or annotation that tells of Helm and its version. */
  private static boolean saysWhereItComesFrom(String line) {
    return (line.startsWith("  ") && !line.startsWith("   "))
        || line.matches(" +\\+ .*labels.app.kubernetes.io/(managed-by|version): .*")
        || line.matches(" +\\+ .*annotations.checksum/config: .*");
  }

  @Test
  void theConfigurationMeansWhatTheChartsMeans() throws Exception {
    assertThat(config(K8S.resolve("base/tandem.yaml"))).isEqualTo(Pods.config(chart));
  }

  @Test
  void noPodStartsBeforeItsSecretIsMadeByTheCommandThatIsTold() {
    SecretVolumeSource secret =
        Pods.pod(base).getVolumes().stream()
            .map(Volume::getSecret)
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow();
    assertThat(secret.getOptional()).isNull();
    assertThat(text(K8S.resolve("base/kustomization.yaml")))
        .contains(
            "kubectl create secret generic "
                + secret.getSecretName()
                + " --from-literal="
                + secret.getItems().get(0).getKey()
                + "=")
        .doesNotContain("secretGenerator");
  }

  @Test
  void productionScalesAsTheChartDoes() {
    Manifests scaled = Manifests.parse(Chart.with(Chart.VALUES.resolve("autoscaling-cpu.yaml")));
    assertThat(
            read(K8S.resolve("overlays/production/horizontalpodautoscaler.yaml"))
                .the(HorizontalPodAutoscaler.class)
                .getSpec())
        .isEqualTo(scaled.the(HorizontalPodAutoscaler.class).getSpec());
  }

  @Test
  void theOpenConfigurationOfDevelopmentDiffersInRealmsAndDoorsAlone() throws Exception {
    NodeConfig open = config(K8S.resolve("overlays/development/tandem.yaml"));
    NodeConfig closed = config(K8S.resolve("base/tandem.yaml"));
    assertThat(open.cluster())
        .usingRecursiveComparison()
        .ignoringFields("expect")
        .isEqualTo(closed.cluster());
    assertThat(Objects.requireNonNull(open.cluster()).expect()).isEqualTo(1);
    assertThat(open.drainTimeout()).isEqualTo(closed.drainTimeout());
    assertThat(open.realms().get(0).auth()).hasSize(1);
  }

  // --- Whole without a tool that renders them ---

  @ParameterizedTest
  @ValueSource(strings = {"base", "overlays/development", "overlays/production"})
  void everythingNamedIsThere(String name) {
    Path directory = K8S.resolve(name);
    Map<String, Object> kustomization = Manifests.map(directory.resolve("kustomization.yaml"));
    assertThat(kustomization.keySet())
        .isSubsetOf(
            Set.of(
                "apiVersion",
                "kind",
                "resources",
                "replicas",
                "generatorOptions",
                "configMapGenerator",
                "patches"));
    for (Object resource : list(kustomization.get("resources"))) {
      Path named = directory.resolve((String) resource);
      if (Files.isDirectory(named)) {
        assertThat(named.resolve("kustomization.yaml")).isRegularFile();
      } else {
        assertThat(read(named).all()).isNotEmpty();
      }
    }
    for (Object generator : list(kustomization.get("configMapGenerator"))) {
      list(((Map<?, ?>) generator).get("files"))
          .forEach(file -> assertThat(directory.resolve((String) file)).isRegularFile());
    }
    for (Object patch : list(kustomization.get("patches"))) {
      Map<?, ?> target = (Map<?, ?>) ((Map<?, ?>) patch).get("target");
      StatefulSet patched =
          read(directory.resolve((String) ((Map<?, ?>) patch).get("path"))).the(StatefulSet.class);
      assertThat(patched.getKind()).isEqualTo(target.get("kind"));
      assertThat(patched.getMetadata().getName()).isEqualTo(target.get("name"));
      StatefulSet original = base.named(StatefulSet.class, patched.getMetadata().getName());
      assertThat(containers(original)).containsAll(containers(patched));
    }
    for (Object count : list(kustomization.get("replicas"))) {
      base.named(StatefulSet.class, (String) ((Map<?, ?>) count).get("name"));
    }
  }

  private static List<?> list(@Nullable Object value) {
    return value == null ? List.of() : (List<?>) value;
  }

  private static List<String> containers(StatefulSet nodes) {
    return nodes.getSpec().getTemplate().getSpec().getContainers().stream()
        .map(container -> container.getName())
        .toList();
  }

  // --- Rendered, where there is a tool ---

  @Test
  void developmentIsOneSmallNode() throws Exception {
    Manifests rendered = rendered("overlays/development");
    StatefulSetSpec nodes = rendered.the(StatefulSet.class).getSpec();
    assertThat(nodes.getReplicas()).isEqualTo(1);
    assertThat(memory(nodes)).isEqualTo(Quantity.parse("512Mi"));
    assertThat(rendered.the(ConfigMap.class).getData().get("tandem.yaml"))
        .isEqualTo(text(K8S.resolve("overlays/development/tandem.yaml")));
    assertThat(nodes.getTemplate().getSpec().getVolumes().get(0).getConfigMap().getName())
        .isEqualTo(rendered.the(ConfigMap.class).getMetadata().getName());
  }

  @Test
  void productionIsAsManyNodesAsTheLoadAsksForAndThreeAtLeast() throws Exception {
    Manifests rendered = rendered("overlays/production");
    StatefulSetSpec nodes = rendered.the(StatefulSet.class).getSpec();
    assertThat(nodes.getReplicas()).isNull();
    assertThat(memory(nodes)).isEqualTo(Quantity.parse("2Gi"));
    assertThat(rendered.the(HorizontalPodAutoscaler.class).getSpec().getMinReplicas())
        .isEqualTo(
            Objects.requireNonNull(config(K8S.resolve("base/tandem.yaml")).cluster()).expect());
    assertThat(rendered.all())
        .extracting(HasMetadata::getKind)
        .contains("PodDisruptionBudget", "NetworkPolicy", "ServiceAccount");
  }

  private static Quantity memory(StatefulSetSpec nodes) {
    return nodes
        .getTemplate()
        .getSpec()
        .getContainers()
        .get(0)
        .getResources()
        .getLimits()
        .get("memory");
  }

  private static Manifests rendered(String overlay) throws Exception {
    List<String> command = kustomize();
    assumeTrue(!command.isEmpty(), "neither kustomize nor kubectl is on the PATH");
    command.add(K8S.resolve(overlay).toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return Manifests.parse(output);
  }

  private static List<String> kustomize() {
    for (List<String> command :
        List.of(List.of("kustomize", "build"), List.of("kubectl", "kustomize"))) {
      for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
        if (Files.isExecutable(Path.of(directory, command.get(0)))) {
          return new ArrayList<>(command);
        }
      }
    }
    return new ArrayList<>();
  }
}
