package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import java.util.Map;

/** The pods of rendered manifests, and the configuration of the nodes in them. */
final class Pods {

  private Pods() {}

  static PodTemplateSpec template(Manifests manifests) {
    return manifests.the(StatefulSet.class).getSpec().getTemplate();
  }

  static PodSpec pod(Manifests manifests) {
    return template(manifests).getSpec();
  }

  static Container node(Manifests manifests) {
    assertThat(pod(manifests).getContainers()).hasSize(1);
    return pod(manifests).getContainers().get(0);
  }

  static NodeConfig config(Manifests manifests) throws Exception {
    String yaml = manifests.the(ConfigMap.class).getData().get("tandem.yaml");
    return Configurations.parse("tandem.yaml", yaml);
  }

  static Map<String, String> annotations(Manifests manifests) {
    return template(manifests).getMetadata().getAnnotations();
  }
}
