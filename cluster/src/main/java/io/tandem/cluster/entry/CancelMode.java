package io.tandem.cluster.entry;

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

  /** The value of {@code Options.mode}. */
  public String wireName() {
    return wireName;
  }

  /**
   * The mode with this name.
   *
   * @throws IllegalArgumentException for any other string
   */
  public static CancelMode of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
