package io.tandem.node.meta;

import io.tandem.registry.sessions.SessionDirectory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the directory of sessions for all who ask, once at a time: who comes while it is being read
 * gets what the next reading finds, so that nobody is told of less than there was when he asked.
 * Any thread.
 */
final class RollCall {

  private final SessionDirectory directory;

  /** What those who wait for the next reading get; null while nobody does. */
  private @Nullable CompletableFuture<Roll> next;

  private boolean reading;

  RollCall(SessionDirectory directory) {
    this.directory = directory;
  }

  /** Who is there now. Completes on a thread that may block. */
  CompletionStage<Roll> call() {
    CompletableFuture<Roll> answer;
    synchronized (this) {
      if (next == null) {
        next = new CompletableFuture<>();
      }
      answer = next;
    }
    readNext();
    return answer;
  }

  private void readNext() {
    CompletableFuture<Roll> answer;
    synchronized (this) {
      if (reading || next == null) {
        return;
      }
      reading = true;
      answer = next;
      next = null;
    }
    Roll roll = new Roll();
    directory
        .forEach(roll::add)
        .whenComplete(
            (read, failure) -> {
              synchronized (this) {
                reading = false;
              }
              readNext();
              if (failure == null) {
                answer.complete(roll);
              } else {
                answer.completeExceptionally(failure);
              }
            });
  }
}
