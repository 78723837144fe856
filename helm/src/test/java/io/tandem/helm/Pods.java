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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pods of rendered manifests, and the configuration of the nodes in them. */
final class Pods {

  /** Where a pod finds what the nodes prove to each other. */
  static final String SECRET = "/etc/tandem-cluster/secret";

  /** What a configuration names of the volumes that a pod has. */
  private static final Pattern MOUNTED = Pattern.compile("/(etc|var/log)/tandem[^\\s\"',}]+");

  private Pods() {}

  static PodTemplateSpec template(Manifests manifests) {
    return manifests.the(StatefulSet.class).getSpec().getTemplate();
  }

  static PodSpec pod(Manifests manifests) {
    return template(manifests).getSpec();
  }

  static Container node(Manifests manifests) {
    Container node = pod(manifests).getContainers().get(0);
    assertThat(node.getName()).isEqualTo("node");
    return node;
  }

  static NodeConfig config(Manifests manifests) throws Exception {
    return config("tandem.yaml", yaml(manifests));
  }

  /** The configuration as a pod finds it. */
  static String yaml(Manifests manifests) {
    return manifests.all(ConfigMap.class).stream()
        .map(map -> map.getData().get("tandem.yaml"))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  /** Read as in a pod, with a secret, certificates and keys where they are mounted there. */
  static NodeConfig config(String name, String yaml) throws Exception {
    Path mounts = Files.createTempDirectory("mounts");
    try {
      String here = MOUNTED.matcher(yaml).replaceAll(mounted -> mount(mounts, mounted.group()));
      assertThat(here).as("names the secret").contains(mounts + SECRET);
      NodeConfig read = Configurations.parse(name, here);
      // Where it was read from is another file each time.
      ClusterConfig cluster = Objects.requireNonNull(read.cluster());
      return read.withCluster(cluster.withSecret(new Secret("a-secret-of-the-cluster")));
    } finally {
      delete(mounts);
    }
  }

  private static String mount(Path mounts, String path) {
    Path file = mounts.resolve(path.substring(1));
    String holds =
        path.endsWith(".crt")
            ? "-----BEGIN CERTIFICATE-----"
            : path.endsWith(".key") ? "-----BEGIN PRIVATE KEY-----" : "a-secret-of-the-cluster";
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, holds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toString();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  static Map<String, String> annotations(Manifests manifests) {
    return template(manifests).getMetadata().getAnnotations();
  }
}
