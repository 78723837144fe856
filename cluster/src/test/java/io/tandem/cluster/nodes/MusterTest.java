package io.tandem.cluster.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.simulation.VirtualTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** When a node that starts may serve. */
class MusterTest {

  private static final Muster.Named NOBODY = new Muster.Named(true, Set.of());
  private static final Muster.Named ANOTHER = new Muster.Named(true, Set.of("10.0.0.2:5701"));
  private static final Muster.Named NOT_EVEN_SELF = new Muster.Named(false, Set.of());

  private final VirtualTime time = new VirtualTime();
  private CompletionStage<Muster.Named> named = CompletableFuture.completedFuture(NOBODY);
  private int otherNodes;
  private int served;

  private Muster start(int expect) {
    Muster muster = new Muster(expect, () -> otherNodes, () -> named, time, () -> served++);
    muster.begin();
    return muster;
  }

  private void names(Muster.Named whom) {
    named = CompletableFuture.completedFuture(whom);
  }

  private void pass(Duration duration) {
    time.runUntil(time.now() + duration.toNanos(), () -> {});
  }

  @Test
  void nodeThatExpectsNobodyAndFindsNobodyServesAtOnce() {
    Muster muster = start(1);

    assertThat(served).isEqualTo(1);
    assertThat(muster.waitsFor()).isNull();
  }

  @Test
  void nodeServesWhenAMajorityIsThere() {
    Muster muster = start(5);
    otherNodes = 1;
    pass(Duration.ofSeconds(20));
    assertThat(served).isZero();
    assertThat(muster.waitsFor()).isEqualTo("majority: 2 of 5 nodes here");

    otherNodes = 2;
    pass(Duration.ofSeconds(1));

    assertThat(served).isEqualTo(1);
    assertThat(muster.waitsFor()).isNull();
  }

  @Test
  void halfIsNoMajority() {
    start(4);
    otherNodes = 1;
    pass(Duration.ofSeconds(20));
    assertThat(served).isZero();
    otherNodes = 2;
    pass(Duration.ofSeconds(1));
    assertThat(served).isEqualTo(1);
  }

  @Test
  void nodeThatMissesTheMajorityServesAfterAWhile() {
    start(3);
    pass(Muster.PATIENCE.minusSeconds(1));
    assertThat(served).isZero();

    pass(Duration.ofSeconds(2));

    assertThat(served).isEqualTo(1);
  }

  @Test
  void nodeThatIsAloneThoughDiscoveryNamesOthersNeverServes() {
    names(ANOTHER);
    Muster muster = start(1);
    pass(Duration.ofHours(1));
    assertThat(served).isZero();
    assertThat(muster.waitsFor()).contains("10.0.0.2:5701");

    otherNodes = 1;
    pass(Duration.ofSeconds(1));

    assertThat(served).isEqualTo(1);
  }

  @Test
  void nodeThatIsAloneServesWhenDiscoveryDoesNotNameOthersAnyMore() {
    names(ANOTHER);
    start(1);
    pass(Duration.ofSeconds(10));

    names(NOBODY);
    pass(Duration.ofSeconds(2));

    assertThat(served).isEqualTo(1);
  }

  @Test
  void discoveryThatDoesNotNameTheNodeItselfIsNotBelieved() {
    names(NOT_EVEN_SELF);
    start(1);
    pass(Duration.ofSeconds(20));
    assertThat(served).isZero();

    names(NOBODY);
    pass(Duration.ofSeconds(2));

    assertThat(served).isEqualTo(1);
  }

  @Test
  void discoveryThatFailsDelaysTheNodeForAWhileOnly() {
    named = CompletableFuture.failedFuture(new IllegalStateException("no name server"));
    start(1);
    pass(Muster.PATIENCE.minusSeconds(1));
    assertThat(served).isZero();

    pass(Duration.ofSeconds(2));

    assertThat(served).isEqualTo(1);
  }

  @Test
  void discoveryThatDoesNotAnswerDelaysItForAWhileOnlyToo() {
    named = new CompletableFuture<>();
    start(1);

    pass(Muster.PATIENCE.plusSeconds(1));

    assertThat(served).isEqualTo(1);
  }
}
