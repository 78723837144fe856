package io.tandem.node.lanes;

/** Between the nodes of a cluster. */
class ClusterOneAnswerIT extends OneAnswer {

  ClusterOneAnswerIT() {
    super(new ThreeNodes());
  }
}
