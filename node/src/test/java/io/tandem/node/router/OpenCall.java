package io.tandem.node.router;

import java.util.Set;
import java.util.function.Predicate;

/**
 * A call under way.
 *
 * @param offering who could have taken it, from the CALL on
 * @param sure those among them to whom nobody is preferred: they offer just this procedure
 * @param calm whether all nodes were in step when it was made
 */
record OpenCall(
    long number, Set<ClusterClient> offering, Set<ClusterClient> sure, boolean calm, long since) {

  void forget(Predicate<ClusterClient> gone) {
    offering.removeIf(gone);
    sure.removeIf(gone);
  }
}
