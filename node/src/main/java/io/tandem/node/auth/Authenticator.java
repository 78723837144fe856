package io.tandem.node.auth;

import org.jspecify.annotations.Nullable;

/**
 * One method by which a client proves who it is. Belongs to a realm and serves all its lanes, so it
 * keeps what it knows of one client in the {@link AuthStep.Verifier} of that client's challenge.
 */
public interface Authenticator {

  /** The name under which HELLO asks for it in {@code authmethods}. */
  String method();

  /** Whether it lets in whoever asks, so that there is nothing to guess (AUTH-11). */
  default boolean admitsEverybody() {
    return false;
  }

  /**
   * Begins to judge a client. Called on the lane of the session to be, by several lanes at once; it
   * must not block: what takes its time is answered {@link AuthAnswer.Later later}, for example by
   * an {@link AuthPool}. Whoever calls limits the wait (AUTH-07) and ignores what comes after it
   * gave up. An exception refuses the client.
   */
  AuthAnswer begin(AuthRequest request);

  /**
   * What a login of this principal, in its role, rests on: a login that is remembered holds for as
   * long as these octets stay the same. They may be a secret, and are kept by nobody. Any thread.
   *
   * @return null where the method does not know the principal (any more), or not in that role, and
   *     where a login by it is not to be remembered
   */
  default byte @Nullable [] standing(Principal principal) {
    return null;
  }
}
