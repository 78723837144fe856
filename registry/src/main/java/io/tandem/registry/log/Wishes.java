package io.tandem.registry.log;

import io.tandem.registry.Resource;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The wishes that a node's registry writer has to serve. Those about one resource are served one
 * after the other, in the order in which they came. Among the rest it is the askers' turn, one wish
 * of each: who has asked for much waits long, and nobody else waits for that.
 *
 * <p>Ask from any thread; all else happens on the writer's executor.
 */
final class Wishes {

  /** So many are with the record at once: enough to keep it busy, few enough to wait behind. */
  static final int AT_ONCE = 64;

  /** So many begin before the writer's loop has come round, so that links get their turns. */
  static final int PER_TURN = 256;

  private final Executor executor;
  private final Scheduler scheduler;

  /** The newest wish about each resource. */
  private final Map<Resource, Wish<?>> busy = new HashMap<>();

  /** Those that nothing about their resource is before, by asker, in the order of their turns. */
  private final Map<Long, Deque<Wish<?>>> ready = new LinkedHashMap<>();

  private int underWay;

  /** How many may yet begin in this turn, and whether the next one is due. */
  private int left = PER_TURN;

  private boolean turnDue;

  Wishes(Executor executor, Scheduler scheduler) {
    this.executor = executor;
    this.scheduler = scheduler;
  }

  /** What a piece of work came to, and when the nodes can see it. */
  record Granted<T extends @Nullable Object>(T answer, CompletionStage<@Nullable Void> visible) {

    @SuppressWarnings("NullAway") // Void has no value but null
    static final Granted<@Nullable Void> NOTHING = of(null);

    static <T extends @Nullable Object> Granted<T> of(T answer) {
      return new Granted<>(answer, CompletableFuture.completedFuture(null));
    }
  }

  private final class Wish<T extends @Nullable Object> {
    final long asker;
    final Resource resource;
    final Supplier<CompletionStage<Granted<T>>> work;
    final Supplier<CompletionStage<@Nullable Void>> undo;
    final CompletableFuture<T> answer = new CompletableFuture<>();
    final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    /** The next one about the same resource. */
    @Nullable Wish<?> behind;

    Wish(
        long asker,
        Resource resource,
        Supplier<CompletionStage<Granted<T>>> work,
        Supplier<CompletionStage<@Nullable Void>> undo) {
      this.asker = asker;
      this.resource = resource;
      this.work = work;
      this.undo = undo;
    }

    void serve() {
      begun(work).whenCompleteAsync(this::served, executor);
    }

    /** As a stage even where it throws at once. */
    private <S extends @Nullable Object> CompletableFuture<S> begun(
        Supplier<CompletionStage<S>> some) {
      return CompletableFuture.<@Nullable Void>completedFuture(null)
          .thenCompose(begin -> some.get());
    }

    private void served(@Nullable Granted<T> outcome, @Nullable Throwable failure) {
      if (outcome != null) {
        outcome.visible().thenRun(() -> answer.complete(outcome.answer()));
        done();
      } else if (failure != null) {
        answer.completeExceptionally(failure);
        begun(undo).whenCompleteAsync((undone, further) -> done(), executor);
      }
    }

    private void done() {
      done.complete(null);
      underWay--;
      if (behind != null) {
        isReady(behind);
      } else {
        busy.remove(resource);
      }
      serveNext();
    }
  }

  /** Serves what has nothing to undo where it fails. */
  <T extends @Nullable Object> CompletionStage<T> serve(
      long asker, Resource resource, Supplier<CompletionStage<Granted<T>>> work) {
    return serve(asker, resource, work, () -> CompletableFuture.completedFuture(null));
  }

  /**
   * Has the work begun when it is the asker's turn and all earlier work on the resource is done.
   * Waiting for visibility does not hold up the next piece of work; the answer waits for it.
   *
   * @param asker the session that asks, or 0 for the node itself
   * @param undo takes back what failed: a store may have made the change all the same, and nobody
   *     would ever take back what nobody knows of. The next piece of work waits for it, the answer
   *     does not.
   */
  <T extends @Nullable Object> CompletionStage<T> serve(
      long asker,
      Resource resource,
      Supplier<CompletionStage<Granted<T>>> work,
      Supplier<CompletionStage<@Nullable Void>> undo) {
    Wish<T> wish = new Wish<>(asker, resource, work, undo);
    executor.execute(() -> came(wish));
    return wish.answer;
  }

  /** Completes when all that was asked for before is done, or has failed. */
  CompletionStage<@Nullable Void> allDone() {
    return CompletableFuture.supplyAsync(
            () ->
                CompletableFuture.allOf(
                    busy.values().stream()
                        .map(newest -> newest.done)
                        .toArray(CompletableFuture<?>[]::new)),
            executor)
        .thenCompose(done -> done);
  }

  private void came(Wish<?> wish) {
    Wish<?> before = busy.put(wish.resource, wish);
    if (before != null) {
      before.behind = wish;
    } else {
      isReady(wish);
      serveNext();
    }
  }

  private void isReady(Wish<?> wish) {
    ready.computeIfAbsent(wish.asker, asker -> new ArrayDeque<>(1)).add(wish);
  }

  private void serveNext() {
    while (underWay < AT_ONCE && !ready.isEmpty()) {
      if (left == 0) {
        awaitTurn();
        return;
      }
      left--;
      Iterator<Deque<Wish<?>>> turns = ready.values().iterator();
      Deque<Wish<?>> first = turns.next();
      turns.remove();
      Wish<?> wish = first.remove();
      if (!first.isEmpty()) {
        ready.put(wish.asker, first);
      }
      underWay++;
      wish.serve();
    }
  }

  private void awaitTurn() {
    if (!turnDue) {
      turnDue = true;
      scheduler.nextTurn(
          () -> {
            turnDue = false;
            left = PER_TURN;
            serveNext();
          });
    }
  }

  /** Goes on with the work for a wish after a while; others have its place meanwhile. */
  <T extends @Nullable Object> CompletionStage<T> after(
      Duration delay, Supplier<CompletionStage<T>> work) {
    CompletableFuture<@Nullable Void> begin = new CompletableFuture<>();
    executor.execute(
        () -> {
          underWay--;
          serveNext();
          scheduler.schedule(
              delay,
              () -> {
                underWay++;
                begin.complete(null);
              });
        });
    return begin.thenCompose(begun -> work.get());
  }
}
