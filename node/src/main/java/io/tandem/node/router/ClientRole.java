package io.tandem.node.router;

import java.util.Locale;

/** What a client does in its realm. Features are announced for each role of it. */
public enum ClientRole {
  PUBLISHER,
  SUBSCRIBER,
  CALLER,
  CALLEE;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Its name in {@code HELLO.Details.roles}. */
  public String wireName() {
    return wireName;
  }
}
