package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A publication for more subscribers than one turn serves, and what may come between. */
class SlicesTest {

  private static final int SUBSCRIBERS = 10;

  private final World world = new World(2);
  private final TestClient here = world.join(0);
  private final TestClient other = world.join(0);
  private final TestClient elsewhere = world.join(1);
  private final List<TestClient> subscribers = new ArrayList<>();
  private final List<String> order = new ArrayList<>();

  @BeforeEach
  void subscribe() {
    for (int i = 0; i < SUBSCRIBERS; i++) {
      TestClient subscriber = world.join(0);
      subscriber.subscribes("com.all");
      subscriber.listener =
          message -> order.add((message instanceof Event ? "event " : "other ") + subscriber.id);
      subscribers.add(subscriber);
    }
  }

  @Test
  void sessionOfTheLaneIsServedBetweenTwoSlices() {
    try (world) {
      world.pause();
      here.says("[16,1,{},'com.all']");
      turns(1);
      assertThat(served()).isEqualTo(2);
      other.calls("com.nobody");
      turns(2);
      assertThat(other.hears()).hasSize(1);
      assertThat(served()).isLessThan(SUBSCRIBERS);
      world.resume();
      assertThat(served()).isEqualTo(SUBSCRIBERS);
    }
  }

  @Test
  void longEventsComeInSmallerSlices() {
    try (world) {
      world.pause();
      here.says("[16,1,{},'com.all',['" + "x".repeat(20_000) + "']]");
      turns(1);
      assertThat(served()).isEqualTo(1);
      turns(1);
      assertThat(served()).isEqualTo(2);
      world.resume();
      assertThat(served()).isEqualTo(SUBSCRIBERS);
    }
  }

  @Test
  void publisherOfTheLaneDoesNotOvertakeItself() {
    try (world) {
      TestClient last = subscribers.get(SUBSCRIBERS - 1);
      last.registers("com.last");
      world.pause();
      here.says("[16,1,{},'com.all']");
      here.calls("com.last");
      here.says("[16,3,{},'com.all']");
      world.resume();
      assertThat(last.hears())
          .extracting(text -> text.substring(1, 3))
          .containsExactly("36", "68", "36");
      last.says("[70,1,{}]");
      assertThat(here.hears()).hasSize(1);
    }
  }

  @Test
  void publisherOfAnotherLaneDoesNotOvertakeItself() {
    try (world) {
      TestClient last = subscribers.get(SUBSCRIBERS - 1);
      last.registers("com.last");
      world.pause();
      elsewhere.says("[16,1,{},'com.all']");
      elsewhere.calls("com.last");
      elsewhere.says("[16,3,{},'com.all']");
      world.resume();
      assertThat(last.hears())
          .extracting(text -> text.substring(1, 3))
          .containsExactly("36", "68", "36");
      last.says("[70,1,{}]");
      assertThat(elsewhere.hears()).hasSize(1);
    }
  }

  @Test
  void publisherOfAnotherLaneIsHeldWhileItsPublicationIsDelivered() {
    try (world) {
      world.pause();
      elsewhere.says("[16,1,{},'com.all']");
      world.turnOf(elsewhere);
      turns(1);
      elsewhere.says("[16,2,{},'com.all']");
      world.turnOf(elsewhere);
      assertThat(elsewhere.holds).isPositive();
      world.resume();
      assertThat(elsewhere.holds).isZero();
      assertThat(served()).isEqualTo(2 * SUBSCRIBERS);
    }
  }

  @Test
  void whoUnsubscribesOrLeavesBetweenTwoSlicesReceivesNothingMore() {
    try (world) {
      TestClient unsubscribed = subscribers.get(SUBSCRIBERS - 1);
      TestClient left = subscribers.get(SUBSCRIBERS - 2);
      long subscription = unsubscribed.session().subscriptions.keySet().iterator().next();
      world.pause();
      elsewhere.says("[16,1,{},'com.all']");
      world.turnOf(elsewhere);
      turns(1);
      unsubscribed.says("[34," + unsubscribed.next() + "," + subscription + "]");
      left.leave();
      world.resume();
      assertThat(unsubscribed.hears()).singleElement().asString().startsWith("[35,");
      assertThat(left.hears()).isEmpty();
      assertThat(served()).isEqualTo(SUBSCRIBERS - 2);
    }
  }

  @Test
  void whoSubscribesBetweenTwoSlicesMissesNothingThatIsPublishedAfterwards() {
    try (world) {
      TestClient late = world.join(0);
      world.pause();
      elsewhere.says("[16,1,{},'com.all',['before']]");
      world.turnOf(elsewhere);
      turns(1);
      late.says("[32,1,{},'com.all']");
      turns(2);
      assertThat(late.hears()).singleElement().asString().startsWith("[33,");
      other.says("[16,1,{},'com.all',['after']]");
      world.resume();
      assertThat(late.hears()).singleElement().asString().contains("after");
    }
  }

  @Test
  void manySubscriptionsOfOneSessionAreSlicedToo() {
    try (world) {
      TestClient greedy = world.join(0);
      for (String prefix : List.of("", "c", "co", "com", "com.", "com.g", "com.gr")) {
        greedy.subscribes(prefix, "prefix");
      }
      world.pause();
      here.says("[16,1,{},'com.greedy']");
      turns(1);
      assertThat(greedy.hears()).hasSize(2);
      other.calls("com.nobody");
      turns(2);
      assertThat(other.hears()).hasSize(1);
      world.resume();
      assertThat(greedy.hears()).hasSize(5);
    }
  }

  @Test
  void fanOutsOfSeveralPublishersGoOnByTurns() {
    try (world) {
      world.pause();
      here.says("[16,1,{},'com.all']");
      other.says("[16,1,{},'com.all']");
      turns(6);
      assertThat(subscribers.get(2).hears()).hasSize(2);
      assertThat(subscribers.get(SUBSCRIBERS - 1).hears()).isEmpty();
      world.resume();
      assertThat(subscribers.get(SUBSCRIBERS - 1).hears()).hasSize(2);
    }
  }

  @Test
  void fanOutThatMeetsADefectEndsAndItsPublisherGoesOn() {
    try (world) {
      subscribers.get(4).listener =
          message -> {
            if (message instanceof Event) {
              throw new IllegalStateException("planted");
            }
          };
      here.says("[16,1,{},'com.all']");
      assertThat(here.holds).isZero();
      assertThat(served()).isEqualTo(4);
      elsewhere.says("[16,1,{},'com.all']");
      assertThat(elsewhere.holds).isZero();
      here.calls("com.nobody");
      elsewhere.calls("com.nobody");
      assertThat(here.hears()).hasSize(1);
      assertThat(elsewhere.hears()).hasSize(1);
    }
  }

  /** So many tasks of the lane, and nobody else's. */
  private void turns(int tasks) {
    for (int i = 0; i < tasks; i++) {
      world.turns.step("lane A0");
    }
  }

  private int served() {
    return (int) order.stream().filter(each -> each.startsWith("event")).count();
  }
}
