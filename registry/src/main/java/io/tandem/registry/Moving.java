package io.tandem.registry;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.match.UriIndex;
import java.util.Iterator;

/**
 * The procedures of one realm whose last callee went with its node, and which nobody has registered
 * since: whoever calls one of them comes too early, not in vain. Bounded: what comes when it is
 * full is not remembered. Any thread.
 */
final class Moving {

  private static final int MOST = 65_536;

  /** By the node that had them. */
  private final UriIndex<NodeId> procedures = new UriIndex<>();

  boolean contains(String procedure) {
    return procedures.size() > 0 && procedures.best(procedure) != null;
  }

  boolean isEmpty() {
    return procedures.size() == 0;
  }

  synchronized void add(MatchPolicy match, String uri, NodeId from) {
    if (procedures.size() < MOST) {
      procedures.put(match, uri, from);
    }
  }

  synchronized void remove(MatchPolicy match, String uri) {
    if (procedures.size() > 0) {
      procedures.remove(match, uri);
    }
  }

  synchronized void forget(NodeId node) {
    Iterator<UriIndex.Item<NodeId>> all = procedures.iterator();
    while (all.hasNext()) {
      UriIndex.Item<NodeId> item = all.next();
      if (item.value().equals(node)) {
        procedures.remove(item.match(), item.uri());
      }
    }
  }
}
