package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.Registration;
import io.tandem.client.Subscription;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Conformance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Visibility (V1) among three nodes while a fourth one joins and leaves, and for that one. */
class ComingAndGoingIT {

  private static final int COMINGS = 2;

  private static TestCluster cluster;
  private static List<ClientSession> residents;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(3);
    residents = cluster.nodes().stream().map(TestNode::join).toList();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  @Conformance("PS-10")
  void whoIsSubscribedMissesNothingWhileNodesComeAndGo() {
    whileGuestsComeAndGo(round -> hearsTheOthers(resident(round), "com.round" + round));
  }

  @Test
  @Conformance("RPC-06")
  void whoIsRegisteredGetsEveryCallWhileNodesComeAndGo() {
    whileGuestsComeAndGo(round -> isCalledByTheOthers(resident(round), "com.round" + round));
  }

  private static ClientSession resident(int round) {
    return residents.get(round % residents.size());
  }

  private static void whileGuestsComeAndGo(IntConsumer round) {
    CompletableFuture<Void> guests =
        CompletableFuture.runAsync(
            () -> IntStream.range(0, COMINGS).forEach(ComingAndGoingIT::comeAndGo),
            task -> new Thread(task, "guest").start());
    for (int number = 0; !guests.isDone(); number++) {
      round.accept(number);
    }
    guests.join();
  }

  /** A node joins, is at once as good as any other, and leaves. */
  private static void comeAndGo(int coming) {
    String topic = "com.guest" + coming;
    List<Future<Void>> heard = new ArrayList<>();
    for (ClientSession resident : residents) {
      Promise<Void> hears = Promise.promise();
      await(resident.subscribe(topic, event -> hears.tryComplete()));
      heard.add(hears.future());
    }

    TestNode guest = cluster.join();
    ClientSession visitor = guest.join();
    visitor.publish(topic, Arguments.none());
    await(Future.all(heard));
    hearsTheOthers(visitor, topic + ".events");
    isCalledByTheOthers(visitor, topic + ".calls");

    cluster.leave(guest);
  }

  /** Subscribes, and hears what each of the others publishes from then on. */
  private static void hearsTheOthers(ClientSession subscriber, String topic) {
    Map<Long, Promise<Void>> heard = new HashMap<>();
    others(subscriber).forEach(other -> heard.put(other.id(), Promise.promise()));
    Subscription subscription =
        await(
            subscriber.subscribe(
                topic, event -> heard.get(event.arguments().arg(0, Long.class)).complete()));
    others(subscriber).forEach(other -> other.publish(topic, Arguments.of(other.id())));
    heard.values().forEach(event -> await(event.future()));
    await(subscriber.unsubscribe(subscription));
  }

  /** Registers, and is called by each of the others. */
  private static void isCalledByTheOthers(ClientSession callee, String procedure) {
    Registration registration =
        await(callee.register(procedure, invocation -> Future.succeededFuture(Arguments.none())));
    others(callee).forEach(other -> await(other.call(procedure, Arguments.none())));
    await(callee.unregister(registration));
  }

  private static Stream<ClientSession> others(ClientSession session) {
    return residents.stream().filter(other -> other != session);
  }
}
