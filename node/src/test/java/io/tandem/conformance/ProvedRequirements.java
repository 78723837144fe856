package io.tandem.conformance;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** The requirements beside the tests that claim to prove them: what is wrong, and the tables. */
final class ProvedRequirements {
  private static final int MOST_IDS = 3;
  private static final Set<String> TEST_ANNOTATIONS =
      Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "Property", "Example");

  /** What a router may do and this one does not, and why. */
  private static final Map<String, String> LEFT_OUT =
      Map.of(
          "RPC-PCI-11", "a late part is dropped in every mode, as by default",
          "AUTH-SCRAM-14", "all who are refused are told the same",
          "AZ-04", "there are no capabilities to be asked for",
          "R2R-03", "nodes link by a protocol of their own",
          "REFL-02", "reflection is not offered");

  /** What of a requirement that is proved is not there: it may be done, and other parts are. */
  private static final Map<String, String> LEFT_OUT_IN_PART =
      Map.of("AUTH-CS-13", "remote attestation is not offered");

  private final List<Requirement> requirements;
  private final List<MarkedTest> tests;

  ProvedRequirements(List<Requirement> requirements, List<MarkedTest> tests) {
    this.requirements = requirements;
    this.tests =
        tests.stream()
            .sorted(Comparator.comparing(MarkedTest::source).thenComparing(MarkedTest::name))
            .toList();
  }

  /** Everything wrong with the marks, one line each. */
  List<String> problems() {
    return tests.stream().flatMap(this::problems).toList();
  }

  private Stream<String> problems(MarkedTest test) {
    List<String> found = new ArrayList<>();
    if (test.ids().isEmpty() || test.ids().size() > MOST_IDS) {
      found.add("carries " + test.ids().size() + " IDs, not one to " + MOST_IDS);
    }
    if (Set.copyOf(test.ids()).size() < test.ids().size()) {
      found.add("carries an ID twice");
    }
    Set<String> known = Set.copyOf(requirements.stream().map(Requirement::id).toList());
    test.ids().stream()
        .filter(id -> !known.contains(id))
        .forEach(id -> found.add("carries " + id + ", which is no requirement"));
    if (Collections.disjoint(test.annotations(), TEST_ANNOTATIONS)) {
      found.add("is marked but is not a test");
    }
    test.annotations().stream()
        .filter(name -> name.startsWith("Disabled") || name.startsWith("Enabled"))
        .forEach(name -> found.add("is marked but may be skipped: @" + name));
    return found.stream().map(problem -> test.source() + ": " + test.name() + " " + problem);
  }

  /** The summary for the README: one row per section. */
  String summary() {
    var rows = new ArrayList<String>(List.of("| Section | Proved |", "|---|---|"));
    bySection()
        .forEach(
            (section, members) ->
                rows.add(
                    "| [%s](docs/conformance/proved.md#%s) | %s |"
                        .formatted(section, anchor(section), share(members))));
    rows.add("| All | " + share(requirements) + " |");
    return lines(rows);
  }

  /** The full list: every proved requirement with its tests. */
  String list() {
    var text = new ArrayList<String>();
    text.add("# Requirements proved by tests");
    text.add("");
    text.add(
        "Generated from the marks in the tests, %s. Do not edit; see CONTRIBUTING.md. The rules in full"
                .formatted(share(requirements))
            + " stand in [requirements.md](requirements.md). Conversations are held with one node"
            + " and with three.");
    bySection()
        .forEach(
            (section, members) -> {
              text.add("");
              text.add("## " + section);
              text.add("");
              text.addAll(rows(members));
            });
    return lines(text);
  }

  private List<String> rows(List<Requirement> members) {
    var rows = new ArrayList<>(List.of(share(members) + "."));
    rows.addAll(named("Not proved", unproved(members)));
    rows.addAll(named("Not planned by the catalogue, and not proved", unplanned(members)));
    for (Requirement r : members) {
      if (isLeftOut(r)) {
        rows.addAll(List.of("", r.id() + " is left out: " + LEFT_OUT.get(r.id()) + "."));
      } else if (LEFT_OUT_IN_PART.containsKey(r.id())) {
        rows.addAll(
            List.of(
                "", "Of " + r.id() + " a part is left out: " + LEFT_OUT_IN_PART.get(r.id()) + "."));
      }
    }
    List<Requirement> proved = members.stream().filter(r -> !testsOf(r).isEmpty()).toList();
    if (!proved.isEmpty()) {
      rows.addAll(List.of("", "| ID | Rule | Tests | Over several nodes |", "|---|---|---|---|"));
    }
    for (Requirement r : proved) {
      rows.add(
          "| %s | %s | %s | %s |"
              .formatted(r.id(), r.shortRule(), links(r, false), links(r, true)));
    }
    return rows;
  }

  /**
   * Proved IDs that the seed picks, each with its tests: whoever doubts a mark breaks the code
   * behind it.
   */
  String pick(long seed, int count) {
    var proved = new ArrayList<>(requirements.stream().filter(r -> !testsOf(r).isEmpty()).toList());
    Collections.shuffle(proved, new Random(seed));
    return proved.stream()
        .limit(count)
        .map(
            r ->
                "%s  %s%n%s"
                    .formatted(
                        r.id(),
                        r.shortRule(),
                        testsOf(r).stream()
                            .map(test -> "    %s (%s)%n".formatted(test.name(), test.source()))
                            .collect(joining())))
        .collect(joining());
  }

  private String links(Requirement requirement, boolean several) {
    return testsOf(requirement).stream()
        .filter(test -> test.several() == several)
        .map(test -> "[%s](../../%s)".formatted(test.name(), test.source()))
        .collect(joining("<br>"));
  }

  private static List<String> named(String what, List<Requirement> members) {
    String ids = members.stream().map(Requirement::id).collect(joining(", "));
    return ids.isEmpty() ? List.of() : List.of("", what + ": " + ids + ".");
  }

  /** Those that should be proved, and are not. */
  List<Requirement> unproved() {
    return unproved(requirements);
  }

  private List<Requirement> unproved(List<Requirement> members) {
    return members.stream()
        .filter(r -> r.isPlanned() && !LEFT_OUT.containsKey(r.id()) && testsOf(r).isEmpty())
        .toList();
  }

  private boolean isLeftOut(Requirement requirement) {
    return LEFT_OUT.containsKey(requirement.id()) && testsOf(requirement).isEmpty();
  }

  private List<Requirement> unplanned(List<Requirement> members) {
    return members.stream().filter(r -> !r.isPlanned() && testsOf(r).isEmpty()).toList();
  }

  private List<MarkedTest> testsOf(Requirement requirement) {
    return tests.stream().filter(test -> test.ids().contains(requirement.id())).toList();
  }

  private Map<String, List<Requirement>> bySection() {
    return requirements.stream()
        .collect(groupingBy(Requirement::section, LinkedHashMap::new, toList()));
  }

  private String share(List<Requirement> members) {
    long proved = members.stream().filter(r -> !testsOf(r).isEmpty()).count();
    return proved + " of " + members.size();
  }

  /** The anchor that Markdown renderers give a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
  }

  private static String lines(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}
