package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.config.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** The pods of rendered manifests, and the configuration of the nodes in them. */
final class Pods {

  /** Where a pod finds what the nodes prove to each other. */
  static final String SECRET = "/etc/tandem-cluster/secret";

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
    return config("tandem.yaml", manifests.the(ConfigMap.class).getData().get("tandem.yaml"));
  }

  /** Read as in a pod, with the secret that is mounted there. */
  static NodeConfig config(String name, String yaml) throws Exception {
    Path secret = Files.createTempFile("cluster", "secret");
    try {
      Files.writeString(secret, "a-secret-of-the-cluster");
      String here = yaml.replace(SECRET, secret.toString());
      assertThat(here).as("names the secret").isNotEqualTo(yaml);
      NodeConfig read = Configurations.parse(name, here);
      // Where it was read from is another file each time.
      ClusterConfig cluster = Objects.requireNonNull(read.cluster());
      return read.withCluster(cluster.withSecret(new Secret("a-secret-of-the-cluster")));
    } finally {
      Files.delete(secret);
    }
  }

  static Map<String, String> annotations(Manifests manifests) {
    return template(manifests).getMetadata().getAnnotations();
  }
}
