package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.transport.BufferWatch.Hold;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who has to go when the buffers of clients that do not go on take too much. */
class BufferWatchTest {

  private static final long LIMIT = 1 << 20;
  private static final long MUCH = LIMIT / 64;

  private final Queue<Runnable> turns = new ArrayDeque<>();
  private final List<String> ended = new ArrayList<>();
  private long used;
  private long now;
  private final DirectMemory memory = new DirectMemory(LIMIT, () -> used);
  private final BufferWatch watch = new BufferWatch(memory, turns::add, () -> now);
  private final BufferWatch otherLane = new BufferWatch(memory, turns::add, () -> now);

  /** A client that, when it has to go, lets go of what it holds. */
  private final class Client {
    final BufferWatch lane;
    final Hold hold;
    private long octets;

    Client(BufferWatch lane, String name) {
      this.lane = lane;
      this.hold =
          new Hold(
              () -> {
                ended.add(name);
                holds(0);
              });
    }

    void holds(long now) {
      used += now - octets;
      octets = now;
      lane.set(hold, now);
    }
  }

  private Client client(String name) {
    return new Client(watch, name);
  }

  private void turn() {
    while (!turns.isEmpty()) {
      turns.remove().run();
    }
  }

  private void seconds(long number) {
    now += TimeUnit.SECONDS.toNanos(number);
  }

  @Test
  void nobodyHasToGoWhileHalfIsFree() {
    client("one").holds(LIMIT / 4);
    client("two").holds(LIMIT / 4);
    turn();
    assertThat(ended).isEmpty();
  }

  @Test
  void heaviestGoesAndOnlyAsManyAsMakeRoom() {
    client("light").holds(MUCH);
    client("heavy").holds(LIMIT / 4);
    client("middle").holds(LIMIT / 8);
    client("last").holds(LIMIT / 4 - MUCH);
    turn();
    assertThat(ended).containsExactly("heavy");
  }

  @Test
  void whoHasHeldForLongGoesBeforeWhoHasJustBegun() {
    List<Client> stuck = new ArrayList<>();
    for (int i = 0; i < 31; i++) {
      stuck.add(client("stuck " + i));
      stuck.get(i).holds(MUCH);
    }
    seconds(5);
    client("fresh").holds(2 * MUCH);
    turn();
    assertThat(ended).hasSize(1).doesNotContain("fresh");
  }

  @Test
  void whoHasGoneOnHoldsNothing() {
    Client honest = client("honest");
    honest.holds(LIMIT / 4);
    seconds(60);
    honest.holds(0);
    client("heavy").holds(LIMIT / 2);
    seconds(1);
    honest.holds(MUCH);
    turn();
    assertThat(ended).containsExactly("heavy");
  }

  @Test
  void nobodyGoesForWhatHeavierOnesDoOnAnotherLane() {
    new Client(otherLane, "heavy elsewhere").holds(LIMIT / 2);
    seconds(1);
    // Which looks at its own for the first time now.
    new Client(otherLane, "light elsewhere").holds(MUCH);
    turn();
    assertThat(ended).containsExactly("heavy elsewhere");
    ended.clear();

    Client heavy = new Client(otherLane, "heavy again");
    heavy.holds(LIMIT / 2 - MUCH);
    seconds(1);
    client("light").holds(MUCH);
    turn();
    assertThat(ended).doesNotContain("light");
  }

  @Test
  void holdersAreNotLookedThroughForEveryOctet() {
    client("heavy").holds(LIMIT / 2);
    turn();
    Client drip = client("drip");
    used += LIMIT / 8;
    int looks = 0;
    for (int i = 1; i <= 1000; i++) {
      drip.holds(i);
      looks += turns.size();
      turns.clear();
    }
    assertThat(looks).isLessThanOrEqualTo(1);
  }

  @Test
  void whoHoldsMoreThanAShareGoesWhenThreeQuartersAreTaken() {
    Client heavy = client("heavy");
    Client light = client("light");
    heavy.holds(MUCH * 3);
    light.holds(100);
    used = LIMIT / 4 * 3;
    assertThat(watch.isTooMuch(heavy.hold)).isFalse();
    used++;
    assertThat(watch.isTooMuch(heavy.hold)).isTrue();
    assertThat(watch.isTooMuch(light.hold)).isFalse();
  }

  @Test
  void whoHoldsNoMoreThanAShareStaysWhateverIsTaken() {
    client("light").holds(100);
    seconds(60);
    Client heavy = client("heavy");
    heavy.holds(LIMIT / 4);
    // What somebody else holds, or what the allocator has not given back.
    used += LIMIT / 2;
    heavy.holds(LIMIT / 3);
    turn();
    assertThat(ended).containsExactly("heavy");
  }
}
