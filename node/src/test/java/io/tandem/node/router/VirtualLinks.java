package io.tandem.node.router;

import io.tandem.cluster.link.LinkSettings;
import java.time.Duration;

/** The bounds of the links between nodes of a {@link VirtualCluster}. */
final class VirtualLinks {

  /** So little that every snapshot takes several turns. */
  private static final int CONTROL = 150;

  static final LinkSettings OF_THIS_RELEASE = of(LinkSettings.FEATURES);
  static final LinkSettings OF_THE_FIRST = of(1);

  private VirtualLinks() {}

  private static LinkSettings of(int features) {
    return new LinkSettings(
        VirtualLife.LANES,
        features,
        1 << 20,
        256 << 10,
        CONTROL,
        1_000,
        Duration.ofSeconds(3),
        Duration.ofMillis(100));
  }
}
