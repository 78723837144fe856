package io.tandem.cluster.link;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The receiving side of credit in one epoch: what this node has consumed of what the other node
 * sent. Any thread adds, and the total goes out with every frame.
 */
final class Intake {

  private final long window;
  private final Runnable advertise;
  private final AtomicLong consumed = new AtomicLong();
  private final AtomicLong advertised = new AtomicLong();

  /**
   * @param advertise asks for a frame that carries the grant; any thread
   */
  Intake(long window, Runnable advertise) {
    this.window = window;
    this.advertise = advertise;
  }

  /**
   * Octets are consumed; the other node hears of it soon when they are many, else with what is
   * sent.
   */
  void consumed(long octets) {
    long total = consumed.addAndGet(octets);
    long told = advertised.get();
    if (total - told >= window / 8 && advertised.compareAndSet(told, total)) {
      advertise.run();
    }
  }

  /** What the other node may have sent since the epoch began. */
  long granted() {
    return window + consumed.get();
  }
}
