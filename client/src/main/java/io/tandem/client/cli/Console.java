package io.tandem.client.cli;

import io.tandem.client.CloseReason;
import io.tandem.client.SessionClosedException;
import io.tandem.client.TransportException;
import io.tandem.protocol.wire.OneLine;
import java.io.PrintStream;

/** Results on stdout, everything else on stderr, a line each. */
final class Console {

  private final PrintStream out;
  private final PrintStream err;

  Console(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Prints a result; false when nobody reads stdout any more. */
  boolean result(String line) {
    out.println(OneLine.of(line));
    return !out.checkError();
  }

  /** Tells scripts that something is in force. */
  void note(String line) {
    error(line);
  }

  void error(String line) {
    err.println(OneLine.of(line.replaceAll("\\R+", " ").strip()));
  }

  /** Tells why the command failed; returns the exit code. */
  int failed(Throwable failure) {
    if (failure instanceof SessionClosedException ended) {
      return ended(ended.reason());
    }
    error(failure.getMessage() == null ? failure.toString() : failure.getMessage());
    return failure instanceof TransportException ? ExitCode.CANNOT_CONNECT : ExitCode.WAMP_ERROR;
  }

  /** Tells why the session ended; returns the exit code. */
  int ended(CloseReason reason) {
    error(reason.message().isEmpty() ? reason.uri() : reason.uri() + ": " + reason.message());
    return reason.kind() == CloseReason.Kind.TRANSPORT_LOST
        ? ExitCode.CANNOT_CONNECT
        : ExitCode.WAMP_ERROR;
  }
}
