package io.tandem.client;

/**
 * A request was not sent because a bound of {@link ClientOptions} or a limit of the router is
 * reached; the session goes on. Has no stack trace, since a flood of them must stay cheap.
 */
public final class LimitExceededException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LimitExceededException(String message) {
    super(message, null, false, false);
  }
}
