package io.tandem.node.router;

import org.jspecify.annotations.Nullable;

/** The places for sessions of one lane's share of a realm, of those that the node has for it. */
final class Places {

  private final LiveSettings settings;
  private final SessionCount count;

  /** The role of a session that has its place already and is about to join; null for none. */
  private @Nullable String expected;

  Places(LiveSettings settings, SessionCount count) {
    this.settings = settings;
    this.count = count;
  }

  /** See {@link Realm#admit}. */
  boolean admit(String role, Runnable joining) {
    if (!count.enter(
        role, settings.now().limits().maxSessions(), settings.now().maxSessions(role))) {
      return false;
    }
    expected = role;
    try {
      joining.run();
    } finally {
      if (expected != null) {
        count.leave(expected);
        expected = null;
      }
    }
    return true;
  }

  /** A session joins, in the place that it was admitted to or in one more. */
  void take(String role) {
    if (role.equals(expected)) {
      expected = null;
    } else {
      count.enter(role, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }
  }

  void leave(String role) {
    count.leave(role);
  }

  boolean isShut() {
    return count.isShut();
  }
}
