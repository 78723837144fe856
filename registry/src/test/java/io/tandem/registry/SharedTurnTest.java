package io.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Work that is shared by all who ask for it while it runs. */
class SharedTurnTest {

  private final List<CompletableFuture<Integer>> begun = new ArrayList<>();
  private final SharedTurn<Boolean, Integer> turn =
      SharedTurn.of(
          () -> {
            CompletableFuture<Integer> work = new CompletableFuture<>();
            begun.add(work);
            return work;
          });

  @Test
  void whoAsksWhileItRunsSharesTheNextTurn() {
    CompletableFuture<Integer> first = turn.ask().toCompletableFuture();
    List<CompletableFuture<Integer>> later = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      later.add(turn.ask().toCompletableFuture());
    }
    assertThat(begun).hasSize(1);

    begun.get(0).complete(1);
    assertThat(first.join()).isEqualTo(1);
    assertThat(later).noneMatch(CompletableFuture::isDone);
    assertThat(begun).hasSize(2);

    begun.get(1).complete(2);
    assertThat(later).allMatch(each -> each.join() == 2);
    assertThat(begun).hasSize(2);

    CompletableFuture<Integer> again = turn.ask().toCompletableFuture();
    begun.get(2).complete(3);
    assertThat(again.join()).isEqualTo(3);
  }

  @Test
  void failureEndsATurnAndNotTheNext() {
    CompletableFuture<Integer> first = turn.ask().toCompletableFuture();
    CompletableFuture<Integer> second = turn.ask().toCompletableFuture();
    begun.get(0).completeExceptionally(new IllegalStateException("no"));
    assertThat(first.isCompletedExceptionally()).isTrue();
    begun.get(1).complete(2);
    assertThat(second.join()).isEqualTo(2);
  }

  @Test
  void whatIsWishedWhileItRunsIsForTheNextTurn() {
    List<List<String>> wanted = new ArrayList<>();
    List<CompletableFuture<Integer>> ends = new ArrayList<>();
    SharedTurn<List<String>, Integer> wishes =
        new SharedTurn<>(
            ArrayList::new,
            list -> {
              wanted.add(List.copyOf(list));
              ends.add(new CompletableFuture<>());
              return ends.get(ends.size() - 1);
            });
    wishes.ask(list -> list.add("first"));
    wishes.ask(list -> list.add("second"));
    wishes.ask(list -> list.add("third"));
    ends.get(0).complete(1);
    assertThat(wanted).containsExactly(List.of("first"), List.of("second", "third"));
  }
}
