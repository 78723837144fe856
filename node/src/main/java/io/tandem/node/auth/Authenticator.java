package io.tandem.node.auth;

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
}
