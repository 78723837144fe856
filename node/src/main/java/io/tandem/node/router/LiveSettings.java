package io.tandem.node.router;

/** A realm's settings on one lane: the one place where they are swapped. Belongs to the lane. */
final class LiveSettings {

  private RealmSettings now;

  LiveSettings(RealmSettings first) {
    this.now = first;
  }

  RealmSettings now() {
    return now;
  }

  /** From here on these hold: for what is asked for from now on, not for what is held already. */
  void swap(RealmSettings next) {
    now = next;
  }
}
