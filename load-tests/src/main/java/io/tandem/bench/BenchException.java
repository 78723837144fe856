package io.tandem.bench;

/** A run that cannot go on. Its message is one line for the user. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BenchException(String message) {
    super(message);
  }

  /** Tells what failed, and in the cause's own words why. */
  public static BenchException because(String what, Throwable failure) {
    Throwable why = failure.getCause() == null ? failure : failure.getCause();
    return new BenchException(what + ": " + why.getMessage(), failure);
  }

  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
