package io.tandem.node.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Work that is shared by all who ask for it while it runs. */
class SharedTurnTest {

  private final List<Promise<Integer>> begun = new ArrayList<>();
  private final SharedTurn<Integer> turn =
      new SharedTurn<>(
          () -> {
            Promise<Integer> work = Promise.promise();
            begun.add(work);
            return work.future();
          });

  @Test
  void whoAsksWhileItRunsSharesTheNextTurn() {
    Future<Integer> first = turn.ask();
    List<Future<Integer>> later = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      later.add(turn.ask());
    }
    assertThat(begun).hasSize(1);

    begun.get(0).complete(1);
    assertThat(first.result()).isEqualTo(1);
    assertThat(later).noneMatch(Future::isComplete);
    assertThat(begun).hasSize(2);

    begun.get(1).complete(2);
    assertThat(later).allMatch(each -> each.result() == 2);
    assertThat(begun).hasSize(2);

    Future<Integer> again = turn.ask();
    begun.get(2).complete(3);
    assertThat(again.result()).isEqualTo(3);
  }

  @Test
  void failureEndsATurnAndNotTheNext() {
    Future<Integer> first = turn.ask();
    Future<Integer> second = turn.ask();
    begun.get(0).fail("no");
    assertThat(first.failed()).isTrue();
    begun.get(1).complete(2);
    assertThat(second.result()).isEqualTo(2);
  }
}
