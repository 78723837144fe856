package io.tandem.node.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the calls of a realm wait, and how many.
 *
 * @param timeout of calls that name none; null for no limit
 * @param maxTimeout of all calls, {@code timeout} or longer; null for no limit
 * @param forwardTimeout which callees that can watch the timeout do so (RPC-TMO-05), those that ask
 *     for it unless configured
 * @param maxWaiting calls that may wait for a registration whose callee takes only so many at once
 *     (RPC-SHR-09), 100 unless configured
 */
public record CallsConfig(
    @Nullable Duration timeout,
    @Nullable Duration maxTimeout,
    Forward forwardTimeout,
    int maxWaiting) {

  /** Which callees watch the timeout themselves, of those that can. */
  public enum Forward {
    /** Those that ask for it. */
    ASKED,
    /** All of them. */
    ALWAYS,
    /** None. */
    NEVER
  }

  private static final Type<Duration> LIMIT =
      Type.duration(Duration.ofMillis(1), Duration.ofDays(30));

  /** Calls wait as long as they say. */
  public static final CallsConfig DEFAULT = new CallsConfig(null, null, Forward.ASKED, 100);

  static CallsConfig read(Section calls) {
    CallsConfig read =
        new CallsConfig(
            calls.optional("timeout", LIMIT),
            calls.optional("maxTimeout", LIMIT),
            calls.value("forwardTimeout", Type.oneOf(Forward.class), DEFAULT.forwardTimeout()),
            calls.value("maxWaiting", Type.integer(0, 100_000), DEFAULT.maxWaiting()));
    calls.check(
        read.timeout == null
            || read.maxTimeout == null
            || read.timeout.compareTo(read.maxTimeout) <= 0,
        "timeout",
        "must not be longer than maxTimeout",
        "maxTimeout");
    return read;
  }
}
