package io.tandem.node.auth;

import java.util.function.Consumer;

/**
 * One method by which a client proves who it is. Belongs to a realm and serves all its lanes, so it
 * keeps what it knows of one client in the {@link AuthStep.Verifier} of that client's challenge.
 */
public interface Authenticator {

  /** The name under which HELLO asks for it in {@code authmethods}. */
  String method();

  /**
   * Begins to judge a client. Called on the lane of the session to be; must not block. Answers
   * exactly once, now or later, on the same lane. Whoever called limits the wait (AUTH-07) and
   * ignores what comes after it gave up. An exception refuses the client.
   */
  void begin(AuthRequest request, Consumer<? super AuthStep> next);
}
