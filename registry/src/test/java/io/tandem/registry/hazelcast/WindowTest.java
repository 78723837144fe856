package io.tandem.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class WindowTest {

  private final Window window = new Window();
  private final List<CompletableFuture<Integer>> started = new ArrayList<>();

  @Test
  void soManyAreUnderWayAtATimeAndTheNextStartsWhenOneIsOver() {
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < Window.UNDER_WAY + 2; i++) {
      answers.add(run());
    }
    assertThat(started).hasSize(Window.UNDER_WAY);

    started.get(5).complete(55);
    assertThat(answers.get(5)).isCompletedWithValue(55);
    assertThat(started).hasSize(Window.UNDER_WAY + 1);

    started.get(6).completeExceptionally(new IllegalStateException("lost"));
    assertThat(answers.get(6)).isCompletedExceptionally();
    assertThat(started).hasSize(Window.UNDER_WAY + 2);
  }

  @Test
  void oneTooManyIsRefusedAndNeverStarted() {
    for (int i = 0; i < Window.UNDER_WAY + Window.WAITING; i++) {
      run();
    }
    assertThat(run())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(RejectedExecutionException.class);
    for (int i = 0; i < started.size(); i++) {
      started.get(i).complete(i);
    }
    assertThat(started).hasSize(Window.UNDER_WAY + Window.WAITING);
    run();
    assertThat(started).as("room again").hasSize(Window.UNDER_WAY + Window.WAITING + 1);
  }

  @Test
  void operationsThatAreOverAtOnceNeedNoStack() {
    CompletableFuture<Integer> first = new CompletableFuture<>();
    for (int i = 0; i < Window.UNDER_WAY; i++) {
      window.run(() -> first);
    }
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < Window.WAITING; i++) {
      int number = i;
      answers.add(
          window.run(
              () -> {
                if (number % 2 == 0) {
                  throw new IllegalStateException("not begun");
                }
                return CompletableFuture.completedFuture(number);
              }));
    }
    first.complete(0);
    assertThat(answers).allMatch(CompletableFuture::isDone);
    assertThat(answers.get(Window.WAITING - 1)).isCompletedWithValue(Window.WAITING - 1);
  }

  private CompletableFuture<Integer> run() {
    return window.run(
        () -> {
          CompletableFuture<Integer> answer = new CompletableFuture<>();
          started.add(answer);
          return answer;
        });
  }
}
