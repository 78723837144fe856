package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Publication;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.NodeId;
import io.tandem.testing.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The way from lane to lane. */
class MailboxTest {

  private static final LaneAddress LANE = new LaneAddress(new NodeId("A", 1), 0);

  private final Turns turns = new Turns(1);
  private final List<Long> taken = new ArrayList<>();
  private final Mailbox mailbox =
      new Mailbox(
          turns.of("owner"),
          turns.of("owner"),
          delivery -> taken.add(number(delivery)),
          10 * Delivery.OVERHEAD);

  @Test
  void entriesAreTakenInOrderByTheOwner() {
    for (int i = 0; i < 5; i++) {
      assertThat(mailbox.offer(event(i))).isTrue();
    }
    assertThat(taken).isEmpty();
    turns.runAll();
    assertThat(taken).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void fullMailboxTurnsEventsAwayAndAnswersNever() {
    for (int i = 0; i < 10; i++) {
      assertThat(mailbox.offer(event(i))).isTrue();
    }
    assertThat(mailbox.offer(event(10))).isFalse();
    assertThat(mailbox.offer(answer(11))).isTrue();
    turns.runAll();
    assertThat(taken).hasSize(11).endsWith(11L).doesNotContain(10L);
    assertThat(mailbox.offer(event(12))).isTrue();
  }

  @Test
  void whoWaitsForRoomIsTakenInWhenHalfIsFree() {
    for (int i = 0; i < 6; i++) {
      assertThat(mailbox.offer(event(i))).isTrue();
    }
    assertThat(mailbox.isCrowded()).isTrue();
    AtomicInteger released = new AtomicInteger();
    mailbox.whenRoomy(released::incrementAndGet);
    assertThat(released).hasValue(0);
    turns.runAll();
    assertThat(released).hasValue(1);
    mailbox.whenRoomy(released::incrementAndGet);
    turns.runAll();
    assertThat(released).hasValue(2);
  }

  @Test
  void longQueueIsTakenInTurnsSoThatOthersGetTheirs() {
    Mailbox wide =
        new Mailbox(
            turns.of("owner"),
            turns.of("owner"),
            delivery -> taken.add(number(delivery)),
            Long.MAX_VALUE);
    for (int i = 0; i < 1000; i++) {
      assertThat(wide.offer(event(i))).isTrue();
    }
    assertThat(turns.step()).isTrue();
    assertThat(taken).hasSizeLessThan(1000);
    turns.runAll();
    assertThat(taken).hasSize(1000).isSorted();
  }

  @Test
  void turnEndsAfterSoMuchWorkHoweverFewDeliveriesItWas() {
    Mailbox[] wide = new Mailbox[1];
    wide[0] =
        new Mailbox(
            turns.of("owner"),
            turns.of("owner"),
            delivery -> {
              taken.add(number(delivery));
              wide[0].worked(100);
            },
            Long.MAX_VALUE);
    for (int i = 0; i < 10; i++) {
      assertThat(wide[0].offer(event(i))).isTrue();
    }
    assertThat(turns.step()).isTrue();
    assertThat(taken).hasSize(3);
    turns.runAll();
    assertThat(taken).hasSize(10).isSorted();
  }

  @Test
  void whoPutsDeliveriesInAsFastAsTheyAreTakenDoesNotKeepTheOwnerFromItsOtherWork() {
    Executor owner = turns.of("owner");
    Mailbox fed =
        new Mailbox(
            owner,
            turns.of("owner, when all others had their turn"),
            delivery -> taken.add(number(delivery)),
            Long.MAX_VALUE);
    Runnable[] other = new Runnable[1];
    AtomicInteger offered = new AtomicInteger();
    // Stands for another lane, whose every delivery finds the mailbox empty.
    other[0] =
        () -> {
          fed.offer(event(offered.getAndIncrement()));
          if (offered.get() < 2_000) {
            owner.execute(other[0]);
          }
        };
    owner.execute(other[0]);
    turns.only("owner");
    assertThat(offered).hasValue(2_000);
    assertThat(taken).as("taken before anybody else had a turn").hasSizeLessThan(300);
    turns.runAll();
    assertThat(taken).hasSize(2_000).isSorted();
  }

  @Test
  void mailboxThatGoesOnLetsTheOthersHaveTheirTurnFirst() {
    Mailbox[] stopped = new Mailbox[1];
    stopped[0] =
        new Mailbox(
            turns.of("owner"),
            turns.of("owner, when all others had their turn"),
            delivery -> {
              taken.add(number(delivery));
              stopped[0].stop();
            },
            Long.MAX_VALUE);
    assertThat(stopped[0].offer(event(0))).isTrue();
    assertThat(stopped[0].offer(event(1))).isTrue();
    turns.only("owner");
    stopped[0].goOn();
    turns.only("owner");
    assertThat(taken).containsExactly(0L);
    turns.runAll();
    assertThat(taken).containsExactly(0L, 1L);
  }

  @Test
  void messagesThatNoDeliveryIsMadeOfAreNoWorkOfTheMailbox() {
    Mailbox wide = mailbox(Long.MAX_VALUE);
    wide.worked(1_000);
    assertThat(wide.offer(event(0))).isTrue();
    assertThat(turns.step()).isTrue();
    assertThat(taken).containsExactly(0L);
  }

  @Test
  void turnEndsAfterSoManyOctets() {
    Mailbox wide = mailbox(Long.MAX_VALUE);
    Payload long64k = Payload.encode(Serializer.JSON, List.of("x".repeat(64 << 10)), Map.of());
    for (int i = 0; i < 10; i++) {
      assertThat(
              wide.offer(
                  new Delivery.Event(
                      World.REALM,
                      new Publication(i, "com.a", 1, Options.EMPTY, Options.EMPTY, long64k))))
          .isTrue();
    }
    assertThat(turns.step()).isTrue();
    assertThat(taken).hasSize(4);
    turns.runAll();
    assertThat(taken).hasSize(10).isSorted();
  }

  @Test
  void stoppedMailboxTakesNothingUntilItGoesOn() {
    Mailbox[] wide = new Mailbox[1];
    wide[0] =
        new Mailbox(
            turns.of("owner"),
            turns.of("owner"),
            delivery -> {
              taken.add(number(delivery));
              if (number(delivery) == 1) {
                wide[0].stop();
              }
            },
            Long.MAX_VALUE);
    for (int i = 0; i < 5; i++) {
      assertThat(wide[0].offer(event(i))).isTrue();
    }
    AtomicInteger released = new AtomicInteger();
    turns.runAll();
    wide[0].whenRoomy(released::incrementAndGet);
    assertThat(wide[0].offer(event(5))).isTrue();
    turns.runAll();
    assertThat(taken).containsExactly(0L, 1L);
    assertThat(wide[0].isCrowded()).as("who feeds it waits").isTrue();
    assertThat(released).hasValue(0);
    wide[0].goOn();
    turns.runAll();
    assertThat(taken).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(released).hasValue(1);
  }

  private Mailbox mailbox(long bound) {
    return new Mailbox(
        turns.of("owner"), turns.of("owner"), delivery -> taken.add(number(delivery)), bound);
  }

  @Test
  void laneGoesOnAfterAnDeliveryThatThrows() {
    Mailbox fragile =
        new Mailbox(
            turns.of("owner"),
            turns.of("owner"),
            delivery -> {
              if (number(delivery) == 0) {
                throw new AssertionError("defect");
              }
              taken.add(number(delivery));
            },
            Long.MAX_VALUE);
    assertThat(fragile.offer(event(0))).isTrue();
    assertThat(fragile.offer(event(1))).isTrue();
    assertThatThrownBy(turns::runAll).hasMessage("defect");
    turns.runAll();
    assertThat(taken).containsExactly(1L);
    assertThat(fragile.offer(event(2))).isTrue();
    turns.runAll();
    assertThat(taken).containsExactly(1L, 2L);
  }

  @Test
  void nothingIsLostBetweenManyThreads() throws InterruptedException {
    int senders = 4;
    int each = 20_000;
    CountDownLatch all = new CountDownLatch(senders * each);
    List<List<Long>> bySender = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      bySender.add(new ArrayList<>());
    }
    ExecutorService owner = Executors.newSingleThreadExecutor();
    ExecutorService threads = Executors.newFixedThreadPool(senders);
    try {
      Mailbox busy =
          new Mailbox(
              owner,
              owner,
              delivery -> {
                bySender.get((int) (number(delivery) % senders)).add(number(delivery));
                all.countDown();
              },
              Long.MAX_VALUE);
      for (int sender = 0; sender < senders; sender++) {
        int first = sender;
        threads.execute(
            () -> {
              for (int i = 0; i < each; i++) {
                busy.offer(answer(first + (long) i * senders));
              }
            });
      }
      assertThat(all.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).as("all taken").isTrue();
      assertThat(bySender).allSatisfy(taken -> assertThat(taken).hasSize(each).isSorted());
    } finally {
      threads.shutdownNow();
      owner.shutdownNow();
    }
  }

  private static Delivery event(long number) {
    return new Delivery.Event(
        World.REALM,
        new Publication(number, "com.a", 1, Options.EMPTY, Options.EMPTY, Payload.EMPTY));
  }

  private static Delivery answer(long number) {
    return new Delivery.Cancel(
        World.REALM, new CallAddress(LANE, number), CancelMode.SKIP, "com.e");
  }

  private static long number(Delivery delivery) {
    return delivery instanceof Delivery.Event event
        ? event.publication().id()
        : ((Delivery.Cancel) delivery).call().number();
  }
}
