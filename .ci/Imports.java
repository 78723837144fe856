import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Prints which package needs which, and every circle among them, as the sources of a commit have
 * it; or, of one package, which file needs which. Needs no build, only git.
 *
 * <pre>
 * java .ci/Imports.java                                     packages of HEAD
 * java .ci/Imports.java v0.1.0                              packages of another commit
 * java .ci/Imports.java HEAD io.tandem.node.router          files of one package
 * </pre>
 *
 * It goes by the names that stand in the code, comments and texts left out; a class whose name is
 * an ordinary word of the code elsewhere may show an arrow that is none.
 */
class Imports {

  private static final Pattern SILENT =
      Pattern.compile("/\\*.*?\\*/|//[^\\n]*|\"(?:\\\\.|[^\"\\\\\\n])*\"", Pattern.DOTALL);
  private static final Pattern IMPORT =
      Pattern.compile(
          "^import (?:static )?(io\\.tandem(?:\\.[a-z]\\w*)*)\\.[A-Z].*?;", Pattern.MULTILINE);
  private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");

  public static void main(String[] args) throws Exception {
    String commit = args.length > 0 ? args[0] : "HEAD";
    Map<String, String> sources = sources(commit);
    Map<String, Set<String>> graph = args.length > 1 ? files(sources, args[1]) : packages(sources);
    graph.forEach((from, to) -> System.out.println(from + " -> " + String.join(" ", to)));
    List<Set<String>> circles = circles(graph);
    System.out.println();
    System.out.println(graph.size() + " in all, " + circles.size() + " circles");
    circles.forEach(
        circle ->
            System.out.println("circle of " + circle.size() + ": " + String.join(" ", circle)));
  }

  /** The main sources of the commit by path, without comments and texts. */
  private static Map<String, String> sources(String commit) throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (String path : git("ls-tree", "-r", "--name-only", "--full-tree", commit).split("\n")) {
      if (path.contains("/src/main/java/") && path.endsWith(".java")) {
        sources.put(path, "");
      }
    }
    // All in one go: a process for each file would take a minute.
    String[] show = new String[sources.size() + 1];
    show[0] = "show";
    int next = 1;
    for (String path : sources.keySet()) {
      show[next++] = commit + ":" + path;
    }
    String all = SILENT.matcher(git(show)).replaceAll(" ");
    String[] parts = all.split("(?m)^(?=package io\\.tandem)");
    int part = parts.length - sources.size();
    for (String path : sources.keySet()) {
      sources.put(path, parts[part++]);
    }
    return sources;
  }

  private static Map<String, Set<String>> packages(Map<String, String> sources) {
    Map<String, Set<String>> graph = new TreeMap<>();
    sources.forEach(
        (path, source) -> {
          String own = packageOf(path);
          Set<String> needed = graph.computeIfAbsent(own, name -> new TreeSet<>());
          IMPORT.matcher(source).results().map(found -> found.group(1)).forEach(needed::add);
          needed.remove(own);
        });
    return graph;
  }

  private static Map<String, Set<String>> files(Map<String, String> sources, String packageName) {
    Map<String, Set<String>> graph = new TreeMap<>();
    sources.keySet().stream()
        .filter(path -> packageOf(path).equals(packageName) && !path.endsWith("-info.java"))
        .forEach(path -> graph.put(nameOf(path), new TreeSet<>()));
    sources.forEach(
        (path, source) -> {
          Set<String> needed = packageOf(path).equals(packageName) ? graph.get(nameOf(path)) : null;
          if (needed != null) {
            WORD.matcher(source)
                .results()
                .map(found -> found.group())
                .filter(graph::containsKey)
                .forEach(needed::add);
            needed.remove(nameOf(path));
          }
        });
    return graph;
  }

  private static String packageOf(String path) {
    String inside = path.substring(path.indexOf("/src/main/java/") + "/src/main/java/".length());
    return inside.substring(0, inside.lastIndexOf('/')).replace('/', '.');
  }

  private static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1, path.length() - ".java".length());
  }

  /** The strongly connected parts with more than one member (Tarjan). */
  private static List<Set<String>> circles(Map<String, Set<String>> graph) {
    List<Set<String>> circles = new ArrayList<>();
    Map<String, Integer> order = new HashMap<>();
    Map<String, Integer> lowest = new HashMap<>();
    Deque<String> open = new ArrayDeque<>();
    graph.keySet().forEach(name -> visit(name, graph, order, lowest, open, circles));
    return circles;
  }

  private static void visit(
      String name,
      Map<String, Set<String>> graph,
      Map<String, Integer> order,
      Map<String, Integer> lowest,
      Deque<String> open,
      List<Set<String>> circles) {
    if (order.containsKey(name)) {
      return;
    }
    order.put(name, order.size());
    lowest.put(name, order.get(name));
    open.push(name);
    for (String next : graph.getOrDefault(name, Set.of())) {
      visit(next, graph, order, lowest, open, circles);
      if (open.contains(next)) {
        lowest.merge(name, lowest.get(next), Math::min);
      }
    }
    if (lowest.get(name).equals(order.get(name))) {
      Set<String> part = new TreeSet<>();
      String member;
      do {
        member = open.pop();
        part.add(member);
      } while (!member.equals(name));
      if (part.size() > 1) {
        circles.add(part);
      }
    }
  }

  private static String git(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    Process git =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
