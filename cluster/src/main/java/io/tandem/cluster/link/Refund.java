package io.tandem.cluster.link;

/**
 * The credit that a received delivery took. Whoever consumes the delivery gives it back, exactly
 * once, from any thread: at once when the delivery was handed to a bounded queue, or when it was
 * processed. After the epoch it is worth nothing and does no harm.
 */
public final class Refund {

  private final Intake intake;
  private final long octets;

  Refund(Intake intake, long octets) {
    this.intake = intake;
    this.octets = octets;
  }

  /** The delivery is consumed. */
  public void give() {
    intake.consumed(octets);
  }
}
