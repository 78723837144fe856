package io.tandem.node.session;

import io.tandem.node.auth.Evidence;
import io.tandem.node.login.Login;
import io.tandem.node.router.LogSubject;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where the conversation on a transport stands (SES-21). */
sealed interface SessionState {

  /** What a log line about the conversation is about. */
  default LogSubject subject() {
    return LogSubject.NONE;
  }

  /**
   * No session yet, or none any more: HELLO is what may come.
   *
   * @param evidence what is known of the client, let go when it is judged
   */
  record Closed(Evidence evidence) implements SessionState {}

  /**
   * HELLO was accepted for judgement; nothing may come but ABORT, and the proof if it is due.
   *
   * @param realm that the client wants; null when it does not say
   */
  record Authenticating(Login login, @Nullable String realm) implements SessionState {

    @Override
    public LogSubject subject() {
      return new LogSubject(realm, 0, null);
    }
  }

  /** WELCOME was sent. */
  record Established(Dialogue dialogue) implements SessionState {

    @Override
    public LogSubject subject() {
      return dialogue.subject();
    }
  }

  /**
   * The client has said GOODBYE and waits for ours, which is due when what the session held is
   * withdrawn everywhere; nothing is taken from it meanwhile.
   */
  record Leaving(CompletableFuture<?> withdrawn) implements SessionState {}

  /** Our GOODBYE was sent; only the client's is awaited (SES-14). */
  record ShuttingDown() implements SessionState {}

  /** The transport is closed or closing; nothing more is treated. */
  record Ended() implements SessionState {}
}
