package io.tandem.node.lanes;

/** Between two lanes of one node. */
class OrderAndVisibilityIT extends OrderAndVisibility {

  OrderAndVisibilityIT() {
    super(new TwoLanes());
  }
}
