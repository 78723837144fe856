package io.tandem.node.router;

import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Keys;
import org.jspecify.annotations.Nullable;

/**
 * How long a realm's callers wait at most, who watches that, and how many wait for one callee.
 *
 * @param usual of a call that names none, in milliseconds; null for no limit
 * @param longest of any call, in milliseconds, null for no limit; a call that names none, where
 *     there is no usual one, has this one
 * @param forwarding which callees watch it themselves
 * @param maxWaiting calls that may wait for a registration whose callee takes only so many at once
 */
public record CallSettings(
    @Nullable Long usual, @Nullable Long longest, Forwarding forwarding, int maxWaiting) {

  /** Calls wait as long as they say, and callees watch that which ask for it. */
  public static final CallSettings AS_ASKED = new CallSettings(null, null, Forwarding.ASKED, 100);

  /** Which callees, of those that announced that they can, watch the timeout (RPC-TMO-05). */
  public enum Forwarding {
    /** Those that registered with {@code forward_timeout}. */
    ASKED,
    /** All of them. */
    ALWAYS,
    /** None. */
    NEVER
  }

  /** Whether a callee that announced {@code call_timeout} is to watch it. */
  boolean forwards(boolean asked) {
    return switch (forwarding) {
      case ASKED -> asked;
      case ALWAYS -> true;
      case NEVER -> false;
    };
  }

  /** The call with the timeout that it has here (RPC-TMO-07). */
  Call bounded(Call call) {
    if (usual == null && longest == null) {
      return call;
    }
    long asked = call.options().get(Keys.TIMEOUT, 0L);
    long wanted = asked > 0 || usual == null ? asked : usual;
    long allowed = longest == null || (wanted > 0 && wanted <= longest) ? wanted : longest;
    return allowed == asked
        ? call
        : new Call(
            call.request(),
            call.options().with(Keys.TIMEOUT, allowed),
            call.procedure(),
            call.payload());
  }
}
