package io.tandem.node;

/** The cluster evicted this life before it was ready; another one may have more luck. */
final class EvictedException extends Exception {

  private static final long serialVersionUID = 1L;

  EvictedException() {
    super("the cluster evicted this node before it was ready");
  }
}
