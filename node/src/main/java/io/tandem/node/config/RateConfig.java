package io.tandem.node.config;

import org.jspecify.annotations.Nullable;

/**
 * How fast a session may send. What exceeds it is read later; nothing is lost. At least one of
 * {@code messages} and {@code octets} is there.
 *
 * @param messages in a second: 1 to 1,000,000, or null for any number
 * @param messageBurst at once: 1 to 1,000,000, or null for as many as in a second
 * @param octets of messages in a second: 1 KiB to 1 GiB, or null for any number
 * @param octetBurst at once: 1 KiB to 1 GiB, or null for as many as in a second
 */
public record RateConfig(
    @Nullable Integer messages,
    @Nullable Integer messageBurst,
    @Nullable Long octets,
    @Nullable Long octetBurst) {

  static final int MAX_MESSAGES = 1_000_000;
  static final long MIN_OCTETS = 1 << 10;
  static final long MAX_OCTETS = 1 << 30;
}
