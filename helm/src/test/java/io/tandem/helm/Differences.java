package io.tandem.helm;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What two renderings mean differently, as lines that one can read: neither order nor notation of
 * keys counts, and configurations within a ConfigMap are taken apart likewise.
 */
final class Differences {

  /** What is another text each time, or says nothing but that something is different. */
  private static final List<String> OPAQUE = List.of("checksum/config");

  /** What everything has, and would be said of everything that is new. */
  private static final List<String> USUAL =
      List.of("name", "instance", "managed-by", "version").stream()
          .map(label -> "metadata.labels.app.kubernetes.io/" + label)
          .toList();

  private Differences() {}

  static List<String> between(Manifests before, Manifests after) {
    Map<String, Map<String, String>> old = objects(before);
    Map<String, Map<String, String>> young = objects(after);
    Map<String, String> usual = new TreeMap<>(old.get("StatefulSet tandem"));
    usual.keySet().retainAll(USUAL);
    List<String> lines = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(young.keySet());
    for (String name : names) {
      if (!young.containsKey(name)) {
        lines.add("- " + name);
      } else {
        Map<String, String> was = old.getOrDefault(name, usual);
        List<String> changes = changes(was, young.get(name));
        if (!changes.isEmpty()) {
          lines.add((old.containsKey(name) ? "  " : "+ ") + name);
          lines.addAll(changes);
        }
      }
    }
    return lines;
  }

  private static List<String> changes(Map<String, String> was, Map<String, String> is) {
    List<String> changes = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(was.keySet());
    paths.addAll(is.keySet());
    for (String path : paths) {
      String before = was.get(path);
      String after = is.get(path);
      if (before == null) {
        changes.add("    + " + path + ": " + after);
      } else if (after == null) {
        if (!USUAL.contains(path)) { // else it is an object of somebody else
          changes.add("    - " + path + ": " + before);
        }
      } else if (!before.equals(after)) {
        boolean opaque = OPAQUE.stream().anyMatch(path::endsWith);
        changes.add("      " + path + ": " + (opaque ? "another" : before + " -> " + after));
      }
    }
    return changes;
  }

  private static Map<String, Map<String, String>> objects(Manifests manifests) {
    Map<String, Map<String, String>> objects = new TreeMap<>();
    for (HasMetadata object : manifests.all()) {
      if (isOfGrafana(object)) {
        continue;
      }
      Map<String, String> leaves = new TreeMap<>();
      leaves("", Manifests.tree(object), leaves);
      leaves.remove("apiVersion");
      leaves.remove("kind");
      leaves.remove("metadata.name");
      leaves.remove("metadata.labels.helm.sh/chart");
      leaves.replaceAll(
          (path, value) ->
              path.equals("data.secret")
                  ? "(random)"
                  : value.replace(System.getProperty("project.version"), "VERSION"));
      objects.put(object.getKind() + " " + object.getMetadata().getName(), leaves);
    }
    return objects;
  }

  /** Whose files are many and grow: another test compares them with what is rendered. */
  private static boolean isOfGrafana(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && labels.containsKey("grafana_dashboard");
  }

  private static void leaves(String path, JsonNode node, Map<String, String> into) {
    if (path.equals("spec.groups")) {
      into.put(path, "(alerts)");
    } else if (node.isObject() && !node.isEmpty()) {
      node.properties()
          .forEach(
              entry ->
                  leaves(
                      path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                      entry.getValue(),
                      into));
    } else if (node.isArray() && !node.isEmpty()) {
      for (int i = 0; i < node.size(); i++) {
        leaves(path + "[" + name(node.get(i), i) + "]", node.get(i), into);
      }
    } else if (path.endsWith(".yaml") && node.isTextual()) {
      leaves(path, Manifests.tree(node.textValue()), into);
    } else if (!node.isNull()) {
      into.put(path, node.isTextual() ? node.textValue() : node.toString());
    }
  }

  /** By what an item is known in its list: its name where it has one, and otherwise its place. */
  private static String name(JsonNode item, int place) {
    return item.path("name").isTextual() ? item.path("name").textValue() : String.valueOf(place);
  }
}
