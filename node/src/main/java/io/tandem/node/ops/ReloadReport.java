package io.tandem.node.ops;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.tandem.cluster.link.ReloadOutcome;
import io.tandem.cluster.link.ReloadResult;
import io.tandem.cluster.nodes.NodeConfigurations;
import io.tandem.registry.NodeId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What came of having all nodes read their configurations again.
 *
 * @param outcome {@code agreed}: all go by their files, which say the same; {@code differs}: some
 *     node does not, or by another one; {@code incomplete}: of those that answered all do
 * @param nodes the one that was asked comes first
 */
record ReloadReport(String outcome, List<OfNode> nodes) {

  /**
   * What came of one node.
   *
   * @param configuration a digest of what it goes by now, if that is known
   * @param changes where it goes by something else now: what
   * @param problems where it does not: why
   */
  record OfNode(
      String node,
      String outcome,
      @Nullable String configuration,
      @Nullable List<String> changes,
      @Nullable List<String> problems) {

    static OfNode of(NodeId node, ReloadResult result) {
      boolean has = !result.texts().isEmpty();
      boolean refused = result.outcome() == ReloadOutcome.REFUSED;
      return new OfNode(
          node.name(),
          result.outcome().words(),
          result.digest().isEmpty() ? null : result.digest(),
          has && !refused ? result.texts() : null,
          has && refused ? result.texts() : null);
    }
  }

  static final String AGREED = "agreed";
  private static final String DIFFERS = "differs";
  private static final String INCOMPLETE = "incomplete";

  static ReloadReport of(
      List<OfNode> nodes, ReloadResult mine, List<NodeConfigurations.Answer> theirs) {
    List<ReloadResult> results =
        Stream.concat(Stream.of(mine), theirs.stream().map(NodeConfigurations.Answer::result))
            .filter(result -> result.outcome() != ReloadOutcome.LEAVING)
            .toList();
    boolean alike =
        results.stream()
            .filter(result -> !result.outcome().isMissing())
            .allMatch(
                result ->
                    result.outcome().isTakenOver() && result.digest().equals(digest(results)));
    boolean whole = results.stream().noneMatch(result -> result.outcome().isMissing());
    return new ReloadReport(!alike ? DIFFERS : whole ? AGREED : INCOMPLETE, List.copyOf(nodes));
  }

  /** That of the first that has one. */
  private static String digest(List<ReloadResult> results) {
    return results.stream()
        .map(ReloadResult::digest)
        .filter(each -> !each.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** The status of HTTP that says it. */
  @JsonIgnore
  int status() {
    return switch (outcome) {
      case AGREED -> 200;
      case INCOMPLETE -> 504;
      default -> 409;
    };
  }

  /** A few words for each node. */
  List<String> lines() {
    return nodes.stream().map(each -> each.node() + ": " + each.outcome()).toList();
  }
}
