package io.tandem.client;

import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import java.util.Locale;

/**
 * How a procedure is offered. Immutable; start with {@link #DEFAULT}.
 *
 * @param match how called URIs are compared with the registered one
 * @param invoke who is called when several sessions offer the procedure
 * @param discloseCaller asks the router to say who calls
 */
public record RegisterOptions(MatchPolicy match, Invoke invoke, boolean discloseCaller) {

  /** Which of several callees is invoked (RPC-SHR-05). */
  public enum Invoke {
    /** There may be only one. */
    SINGLE,
    /** Each in turn. */
    ROUNDROBIN,
    /** Any. */
    RANDOM,
    /** The one that registered first. */
    FIRST,
    /** The one that registered last. */
    LAST
  }

  /** This URI exactly, one callee, callers not disclosed. */
  public static final RegisterOptions DEFAULT =
      new RegisterOptions(MatchPolicy.EXACT, Invoke.SINGLE, false);

  public RegisterOptions withMatch(MatchPolicy policy) {
    return new RegisterOptions(policy, invoke, discloseCaller);
  }

  public RegisterOptions withInvoke(Invoke policy) {
    return new RegisterOptions(match, policy, discloseCaller);
  }

  public RegisterOptions withCallerDisclosed() {
    return new RegisterOptions(match, invoke, true);
  }

  Options wire() {
    Options options = Options.EMPTY;
    if (match != MatchPolicy.EXACT) {
      options = options.with(Keys.MATCH, match.wireName());
    }
    if (invoke != Invoke.SINGLE) {
      options = options.with(Keys.INVOKE, invoke.name().toLowerCase(Locale.ROOT));
    }
    return discloseCaller ? options.with(Keys.DISCLOSE_CALLER, true) : options;
  }
}
