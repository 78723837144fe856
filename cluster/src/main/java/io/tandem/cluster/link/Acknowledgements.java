package io.tandem.cluster.link;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a link says what it has received: soon, with what the lanes send, or else by a frame that
 * says nothing else. The link's loop alone.
 */
final class Acknowledgements {

  private static final Duration DELAY = Duration.ofMillis(2);

  /** So much may come without one, whatever the delay. */
  private static final int OCTETS = 64 << 10;

  private final Scheduler scheduler;
  private final Runnable send;

  private int octets;

  /** For whom one is due after the delay; null while nothing is scheduled. */
  private @Nullable Epoch owing;

  /**
   * @param send sends one now
   */
  Acknowledgements(Scheduler scheduler, Runnable send) {
    this.scheduler = scheduler;
    this.send = send;
  }

  /** Something of so many octets has been received in this epoch. */
  void owe(Epoch epoch, int received) {
    epoch.oweAcks();
    octets += received;
    if (octets >= OCTETS) {
      send.run();
    } else {
      if (owing == null) {
        scheduler.schedule(DELAY, this::pay);
      }
      owing = epoch;
    }
  }

  /** All that has been received is acknowledged by a frame that leaves now. */
  void given() {
    octets = 0;
  }

  private void pay() {
    Epoch epoch = owing;
    owing = null;
    if (epoch != null && !epoch.isOver() && epoch.acksDue()) {
      send.run();
    }
  }
}
