package io.tandem.node.lanes;

/** Between two lanes of one node. */
class OneAnswerIT extends OneAnswer {

  OneAnswerIT() {
    super(new TwoLanes());
  }
}
