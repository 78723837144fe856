package io.tandem.node.auth;

/**
 * What an {@link Authorizer} says.
 *
 * @param allowed whether the action may be performed
 * @param disclose whether the caller or publisher is disclosed although it did not ask for it;
 *     never true for a denied action
 */
public record Decision(boolean allowed, boolean disclose) implements Answer {
  public static final Decision DENIED = new Decision(false, false);
  public static final Decision ALLOWED = new Decision(true, false);
  public static final Decision ALLOWED_DISCLOSED = new Decision(true, true);
}
