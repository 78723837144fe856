package io.tandem.bench.cluster;

import java.util.List;

/** Where the nodes stand: on loopback, or each in a network of its own. */
interface Ground {

  /** The address of the node with this number, from 0. */
  String host(int node);

  /** Its three ports: clients, management, cluster; 0 for any. */
  int port(int node, Door door);

  /** A door of a node. */
  enum Door {
    CLIENTS,
    MANAGEMENT,
    CLUSTER
  }

  /** The command that runs this one where the node stands. */
  List<String> placed(List<String> command);

  /** The node's process is there, and waits for a line on its input where the ground made it. */
  void admit(int node, Process process);

  /** A way from one node to another, both from 0. */
  record Way(int from, int to) {}

  /**
   * Nothing gets through any more on these ways, without a word to either end; once until healed.
   */
  void cut(List<Way> ways);

  /** Everything gets through again. */
  void heal();
}
