package io.tandem.node.router;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.UriSyntax;
import io.tandem.registry.Resource;

/**
 * What subscriptions and registrations make nodes keep, in octets: what was measured or counted,
 * rounded up (docs/decisions/0017-memory.md). A session is charged with what the other nodes keep
 * for it as well, so that the budgets of all of them together bound what comes to each.
 */
final class Upkeep {

  /** A subscriber's place in the books of its session and among the subscribers of its lane. */
  static final int PLACE = 128;

  /** In the books of the lane and the registry writer, in the routing table and the record. */
  private static final int HERE = 512;

  /** In the routing table of another node, or as a record of the cluster. */
  private static final int COPY = 256;

  /** So many members of the cluster have each record. */
  private static final int RECORDS = 2;

  private Upkeep() {}

  /**
   * What a registration takes, or what all subscribers of a lane share of a subscription, with the
   * wish for it.
   *
   * @param nodes how many keep it in their tables
   */
  static long of(Resource resource, int nodes) {
    int copies = nodes == 1 ? 0 : nodes - 1 + RECORDS;
    long octets = HERE + (long) copies * COPY + (1L + copies) * UriSyntax.octets(resource.uri());
    // A pattern has a node of a tree, with its own characters, or a shape.
    return resource.match() == MatchPolicy.EXACT ? octets : 2 * octets;
  }
}
