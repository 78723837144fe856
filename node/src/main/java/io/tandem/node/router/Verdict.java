package io.tandem.node.router;

import java.util.concurrent.CompletableFuture;

/** What {@link Admission} says to a request. */
public sealed interface Verdict {

  /** One that does not change any more. */
  sealed interface Final extends Verdict {}

  /** It is admitted. */
  enum Admitted implements Final {
    PLAIN,
    /** Who asks is disclosed to those who are told of it. */
    DISCLOSED
  }

  /**
   * It is answered with an error.
   *
   * @param error a URI
   * @param why for the developer of the client
   */
  record Refused(String error, String why) implements Final {}

  /**
   * Nobody knows yet.
   *
   * @param verdict completes on the session's lane; whoever gives the request up cancels it
   */
  record Pending(CompletableFuture<Final> verdict) implements Verdict {}
}
