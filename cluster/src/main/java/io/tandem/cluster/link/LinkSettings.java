package io.tandem.cluster.link;

import java.time.Duration;

/**
 * The bounds of a link. The same on all links of a node; other nodes may have others.
 *
 * @param lanes this node's lanes, 1 to 64; fixed for the life of its incarnation
 * @param features the feature level of this release, which grows with each that sends something
 *     new; what the lower level of two nodes lacks is not sent between them
 * @param windowOctets what another node may have on its way to us, consumed or not: twice the
 *     largest delivery or more; 8 MiB by default
 * @param largestDeliveryOctets the largest delivery taken, encoded; 2 MiB by default
 * @param controlOctets what may wait on the control stream, beyond which a snapshot pauses; 1 MiB
 *     by default
 * @param maxCalls calls that may be under way over the link, each direction; 8,192 by default
 * @param unreachableAfter silence after which the other node is unreachable; 3 s by default
 * @param longestHold how long publishers are held when credit runs short; 100 ms by default
 */
public record LinkSettings(
    int lanes,
    int features,
    long windowOctets,
    int largestDeliveryOctets,
    int controlOctets,
    int maxCalls,
    Duration unreachableAfter,
    Duration longestHold) {

  public LinkSettings {
    if (lanes < 1 || lanes > DeliveryCodec.MAX_LANES) {
      throw new IllegalArgumentException("lanes must be 1 to " + DeliveryCodec.MAX_LANES);
    }
    if (windowOctets < 2L * largestDeliveryOctets) {
      throw new IllegalArgumentException("windowOctets must be twice largestEntryOctets or more");
    }
  }

  /** What a call under way takes beside its deliveries: room for its answer, and an account. */
  private static final int CALL = Cost.ROOM + 256;

  /** What is kept for the other node's registry when it takes it slowly: see LogFeed. */
  public static final int REGISTRY_TAIL = 2 << 20;

  /**
   * What one link makes this node keep at most, in octets, if the other node has the same bounds:
   * what the other node has not acknowledged, what of its deliveries this node has not consumed,
   * calls both ways, and the registries of both.
   */
  public long keptAtMost() {
    return 2 * (windowOctets + (long) maxCalls * CALL + controlOctets) + REGISTRY_TAIL;
  }

  /** The feature level of this release: what came last. */
  public static final int FEATURES = Notice.SESSIONS;

  /** The bounds of a node that configures none. */
  public static LinkSettings of(int lanes) {
    return new LinkSettings(
        lanes,
        FEATURES,
        8 << 20,
        2 << 20,
        1 << 20,
        8_192,
        Duration.ofSeconds(3),
        Duration.ofMillis(100));
  }
}
