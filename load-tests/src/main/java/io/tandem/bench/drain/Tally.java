package io.tandem.bench.drain;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What became of the calls, each of which has a number. One event loop.
 *
 * <p>A call whose connection ended before its answer is <em>cut</em>. If no callee has seen it, the
 * router had not accepted it, and repeating it is the caller's business. If a callee answered it,
 * before or after, the router lost the answer.
 */
final class Tally {

  private final Set<Long> answeredByCallee = new HashSet<>();
  private final Set<Long> cutBefore = new HashSet<>();
  private final Map<String, Integer> errors = new TreeMap<>();
  private long calls;
  private long results;
  private long cut;
  private long lost;

  long begin() {
    return calls++;
  }

  void calleeAnswers(long call) {
    if (cutBefore.contains(call)) {
      lost++;
    } else {
      answeredByCallee.add(call);
    }
  }

  void result(long call, long echoed) {
    if (call == echoed) {
      results++;
      answeredByCallee.remove(call);
    } else {
      error("the result of another call");
    }
  }

  void error(String uri) {
    errors.merge(uri, 1, Integer::sum);
  }

  /** The call's connection ended first. */
  void cut(long call) {
    cut++;
    cutBefore.add(call);
    if (answeredByCallee.remove(call)) {
      lost++;
    }
  }

  long calls() {
    return calls;
  }

  long results() {
    return results;
  }

  long open() {
    return calls - results - cut - errors.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether every call that could be finished or rerouted was. */
  boolean isWhole() {
    return errors.isEmpty() && lost == 0 && open() == 0;
  }

  @Override
  public String toString() {
    return calls
        + " calls: "
        + results
        + " results, errors "
        + errors
        + ", "
        + cut
        + " cut by the end of their connection and repeated, of which "
        + lost
        + " were answered by a callee, "
        + open()
        + " without an answer";
  }
}
