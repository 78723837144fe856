package io.tandem.client;

import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.Locale;

/** What CANCEL asks for (RPC-CAN-01). */
public enum CancelMode {
  /** The call fails at once; the callee is not told. */
  SKIP,
  /** The callee is interrupted and its answer awaited. */
  KILL,
  /** The call fails at once and the callee is interrupted. */
  KILLNOWAIT;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  Options options() {
    return Options.of(Keys.MODE, wireName);
  }

  /** The mode of an INTERRUPT; absent means {@link #KILLNOWAIT}. */
  static CancelMode of(Options options) {
    return valueOf(options.get(Keys.MODE, KILLNOWAIT.wireName).toUpperCase(Locale.ROOT));
  }
}
