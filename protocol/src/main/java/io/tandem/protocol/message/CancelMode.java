package io.tandem.protocol.message;

import java.util.Locale;

/** How a call is given up (RPC-CAN-01 to 04). */
public enum CancelMode {
  /** The caller is answered at once, the callee hears nothing. */
  SKIP,
  /** The callee is interrupted, and the caller gets whatever it answers. */
  KILL,
  /** The caller is answered at once, the callee is interrupted. */
  KILLNOWAIT;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The value of {@link Keys#MODE}. */
  public String wireName() {
    return wireName;
  }

  /** What CANCEL or INTERRUPT carries for this mode. */
  public Options options() {
    return Options.of(Keys.MODE, wireName);
  }

  /** The mode of a CANCEL or INTERRUPT; {@link #KILLNOWAIT} where it says none. */
  public static CancelMode of(Options options) {
    return valueOf(options.get(Keys.MODE, KILLNOWAIT.wireName).toUpperCase(Locale.ROOT));
  }
}
