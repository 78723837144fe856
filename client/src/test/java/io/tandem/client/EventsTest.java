package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.failure;
import static io.tandem.testing.Patience.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ScriptedRouter.Conversation;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Subscriptions and publications of a client. */
class EventsTest extends AgainstScriptedRouter {

  @Test
  void eventsReachTheHandlerUntilItIsUnsubscribed() {
    Conversation open = router.open(vertx);
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    Subscription subscription = subscribe(open, "com.example.", MatchPolicy.PREFIX, events, 7);
    assertThat(subscription.id()).isEqualTo(7);
    Options topic = Options.of(Keys.TOPIC, "com.example.weather").with(Keys.PUBLISHER, 12L);
    open.peer().send(new io.tandem.protocol.message.Event(7, 99, topic, json("rain")));
    Event event = take(events, "event");
    assertThat(event.topic()).isEqualTo("com.example.weather");
    assertThat(event.publication()).isEqualTo(99);
    assertThat(event.publisher()).isEqualTo(12);
    assertThat(event.arguments().args()).isEqualTo(List.of("rain"));

    Future<Void> gone = open.session().unsubscribe(subscription);
    Unsubscribe unsubscribe = open.peer().expect(Unsubscribe.class);
    open.peer().send(new io.tandem.protocol.message.Event(7, 100, topic, json("crossing")));
    open.peer().send(new Unsubscribed(unsubscribe.request(), Options.EMPTY));
    await(gone);
    assertThat(events).isEmpty();
  }

  private static Subscription subscribe(
      Conversation open, String topic, MatchPolicy match, BlockingQueue<Event> events, long id) {
    Future<Subscription> subscribed = open.session().subscribe(topic, match, events::add);
    Subscribe subscribe = open.peer().expect(Subscribe.class);
    assertThat(subscribe.topic()).isEqualTo(topic);
    assertThat(subscribe.options().get(Keys.MATCH, "exact")).isEqualTo(match.wireName());
    open.peer().send(new Subscribed(subscribe.request(), id));
    return await(subscribed);
  }

  @Test
  void handlersOfOneTopicShareTheSubscriptionUntilTheLastLeaves() {
    Conversation open = router.open(vertx);
    BlockingQueue<Event> first = new LinkedBlockingQueue<>();
    BlockingQueue<Event> second = new LinkedBlockingQueue<>();
    Subscription one = subscribe(open, "com.example.t", MatchPolicy.EXACT, first, 7);
    Subscription two = await(open.session().subscribe("com.example.t", second::add));
    await(open.session().unsubscribe(one));
    open.peer().send(new io.tandem.protocol.message.Event(7, 1, Options.EMPTY, json("x")));
    assertThat(take(second, "event").topic()).isEqualTo("com.example.t");
    assertThat(first).isEmpty();
    open.session().unsubscribe(two);
    assertThat(open.peer().expect(Unsubscribe.class).subscription()).isEqualTo(7);
  }

  @Test
  void handlerThatThrowsHarmsNobodyElse() {
    Conversation open = router.open(vertx);
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    Subscription subscription = subscribe(open, "com.example.t", MatchPolicy.EXACT, events, 7);
    await(
        open.session()
            .subscribe(
                "com.example.t",
                event -> {
                  throw new IllegalStateException("handler");
                }));
    open.peer().send(new io.tandem.protocol.message.Event(7, 1, Options.EMPTY, json(1)));
    open.peer().send(new io.tandem.protocol.message.Event(7, 2, Options.EMPTY, json(2)));
    assertThat(take(events, "event").publication()).isEqualTo(1);
    assertThat(take(events, "event").publication()).isEqualTo(2);
    assertThat(subscription.topic()).isEqualTo("com.example.t");
  }

  @Test
  void refusedSubscriptionCanBeAskedForAgain() {
    Conversation open = router.open(vertx);
    Future<Subscription> refused = open.session().subscribe("com.example.t", event -> {});
    Subscribe subscribe = open.peer().expect(Subscribe.class);
    open.peer()
        .send(
            new ErrorMessage(
                MessageCode.SUBSCRIBE,
                subscribe.request(),
                Options.EMPTY,
                "wamp.error.not_authorized",
                Payload.EMPTY));
    assertThat(failure(refused)).hasMessage("wamp.error.not_authorized");
    subscribe(open, "com.example.t", MatchPolicy.EXACT, new LinkedBlockingQueue<>(), 8);
  }

  @Test
  void acknowledgedPublicationTellsItsId() {
    Conversation open = router.open(vertx);
    Future<Long> published =
        open.session()
            .publishAcknowledged(
                "com.example.t", Arguments.of(1), PublishOptions.DEFAULT.withMyself());
    Publish publish = open.peer().expect(Publish.class);
    assertThat(publish.options().is(Keys.ACKNOWLEDGE)).isTrue();
    assertThat(publish.options().get(Keys.EXCLUDE_ME)).isFalse();
    open.peer().send(new Published(publish.request(), 123));
    assertThat(await(published)).isEqualTo(123);
  }
}
