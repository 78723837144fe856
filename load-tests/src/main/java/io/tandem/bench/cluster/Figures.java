package io.tandem.bench.cluster;

import org.jspecify.annotations.Nullable;

/** Figures as they are recorded. */
final class Figures {

  private Figures() {}

  /** In hundredths; null for what could not be measured. */
  static @Nullable Double rounded(@Nullable Double figure) {
    return figure != null && Double.isFinite(figure)
        ? Double.valueOf(Math.round(figure * 100) / 100.0)
        : null;
  }
}
