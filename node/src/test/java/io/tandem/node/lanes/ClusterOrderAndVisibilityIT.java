package io.tandem.node.lanes;

/** Between the nodes of a cluster. */
class ClusterOrderAndVisibilityIT extends OrderAndVisibility {

  ClusterOrderAndVisibilityIT() {
    super(new ThreeNodes());
  }
}
