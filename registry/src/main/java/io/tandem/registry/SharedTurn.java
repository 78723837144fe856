package io.tandem.registry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work that runs once at a time, however many ask for it: whoever does while it runs shares the
 * next turn with all others who do, so what they get is never older than their question. Any
 * thread.
 *
 * @param <W> what is wanted of a turn; it belongs to the work from the turn's beginning on
 * @param <T> what a turn comes to
 */
public final class SharedTurn<W, T> {

  private final Supplier<W> blank;
  private final Function<W, CompletionStage<T>> work;

  private record Turn<W, T>(W wanted, CompletableFuture<T> done) {}

  /** The turn that begins when the one that runs is over. */
  private @Nullable Turn<W, T> next;

  private boolean runs;

  /**
   * @param blank what is wanted when nobody has asked yet
   */
  public SharedTurn(Supplier<W> blank, Function<W, CompletionStage<T>> work) {
    this.blank = blank;
    this.work = work;
  }

  /** Of work that is the same for all who ask. */
  public static <T> SharedTurn<Boolean, T> of(Supplier<? extends CompletionStage<T>> work) {
    return new SharedTurn<>(() -> true, wanted -> work.get());
  }

  /** Completes with what the next turn comes to. */
  public CompletionStage<T> ask() {
    return ask(wanted -> {});
  }

  /**
   * The same, of a turn that is to do this too.
   *
   * @param wish adds to what is wanted; short, as others wait for it
   */
  public CompletionStage<T> ask(Consumer<? super W> wish) {
    Turn<W, T> awaited;
    boolean begins;
    synchronized (this) {
      begins = !runs;
      awaited = next == null ? new Turn<>(blank.get(), new CompletableFuture<>()) : next;
      next = begins ? null : awaited;
      runs = true;
      wish.accept(awaited.wanted);
    }
    if (begins) {
      run(awaited);
    }
    return awaited.done;
  }

  private void run(Turn<W, T> turn) {
    CompletionStage<T> done;
    try {
      done = work.apply(turn.wanted);
    } catch (RuntimeException failure) {
      done = CompletableFuture.failedFuture(failure);
    }
    done.whenComplete(
        (result, failure) -> {
          goOn();
          if (failure == null) {
            turn.done.complete(result);
          } else {
            turn.done.completeExceptionally(failure);
          }
        });
  }

  private void goOn() {
    Turn<W, T> following;
    synchronized (this) {
      following = next;
      next = null;
      runs = following != null;
    }
    if (following != null) {
      run(following);
    }
  }
}
