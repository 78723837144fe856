package io.tandem.node.config;

import java.time.Duration;

/**
 * When a node reads its configuration again without being told to.
 *
 * @param watch whether it does when one of the files has changed that it was read from; not unless
 *     configured
 * @param interval how often it looks: 100 ms to 1 h, 5 s unless configured. What has changed counts
 *     when two looks in a row find the same
 */
public record ReloadConfig(boolean watch, Duration interval) {

  static final Duration SHORTEST = Duration.ofMillis(100);
  static final Duration LONGEST = Duration.ofHours(1);

  /** What holds unless configured. */
  public static final ReloadConfig DEFAULT = new ReloadConfig(false, Duration.ofSeconds(5));

  static ReloadConfig read(Section section) {
    return new ReloadConfig(
        section.value("watch", Type.bool(), DEFAULT.watch()),
        section.value("interval", Type.duration(SHORTEST, LONGEST), DEFAULT.interval()));
  }
}
