package io.tandem.cluster.link;

/**
 * The credit that a received entry took. Whoever consumes the entry gives it back, exactly once,
 * from any thread: at once when the entry was handed to a bounded queue, or when it was processed.
 * After the epoch it is worth nothing and does no harm.
 */
public final class Refund {

  private final Intake intake;
  private final long octets;

  Refund(Intake intake, long octets) {
    this.intake = intake;
    this.octets = octets;
  }

  /** The entry is consumed. */
  public void give() {
    intake.consumed(octets);
  }
}
