package io.tandem.client.cli;

/** What a command tells the shell. */
final class ExitCode {

  /** Everything went well. */
  static final int OK = 0;

  /** The router or the callee answered with an error, or the router ended the session. */
  static final int WAMP_ERROR = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** There is no way to the router, or it was lost. */
  static final int CANNOT_CONNECT = 3;

  private ExitCode() {}
}
