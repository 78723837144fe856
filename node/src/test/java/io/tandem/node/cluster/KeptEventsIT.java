package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.TestProcess;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What three nodes keep of publications, also when the node is killed where they came from. */
class KeptEventsIT {

  private static final String REALM =
      """
      realms:
        - name: realm1
          history: [{uri: com.log}]
          auth: {anonymous: {role: anonymous}}
          roles:
            - name: anonymous
              permissions:
                - {uri: "", match: prefix, allow: [publish, subscribe]}
                - {uri: wamp., match: prefix, allow: [call, subscribe]}
      """;

  /** A session whose every message can be seen. */
  private static final class Client {
    private final WireConnection connection;
    private long lastRequest;

    Client(WireConnection connection) {
      this.connection = connection;
      Map<String, Object> roles =
          Map.of("publisher", Map.of(), "subscriber", Map.of(), "caller", Map.of());
      connection.send(new Hello("realm1", Options.of(Keys.ROLES, roles)));
      assertThat(next()).isInstanceOf(Welcome.class);
    }

    static Client of(TestNode node) {
      return new Client(node.connect(TransportOptions.to(node.webSocket())));
    }

    WampMessage next() {
      return await(connection.next());
    }

    long publishes(String topic, boolean retain, int number) {
      Options options = Options.of(Keys.ACKNOWLEDGE, true);
      connection.send(
          new Publish(
              ++lastRequest,
              retain ? options.with(Keys.RETAIN, true) : options,
              topic,
              Payload.encode(Serializer.JSON, List.of(number), Map.of())));
      return ((Published) next()).publication();
    }

    long subscribes(String topic, String match) {
      Options options = Options.of(Keys.GET_RETAINED, true).with(Keys.MATCH, match);
      connection.send(new Subscribe(++lastRequest, options, topic));
      return ((Subscribed) next()).subscription();
    }

    Payload calls(String procedure, Object... arguments) {
      connection.send(
          new Call(
              ++lastRequest,
              Options.EMPTY,
              procedure,
              Payload.encode(Serializer.JSON, List.of(arguments), Map.of())));
      return ((Result) next()).payload();
    }

    List<Object> history(long subscription) {
      return calls("wamp.subscription.get_events", subscription).args().stream()
          .map(event -> ((Map<?, ?>) event).get("publication"))
          .map(Object.class::cast)
          .toList();
    }
  }

  private TestCluster cluster;
  private TestProcess third;

  @BeforeEach
  void start() {
    cluster = TestCluster.serving(2, REALM);
    third = cluster.joinProcess();
    cluster.untilAgreed(3);
  }

  @AfterEach
  void end() {
    third.close();
    cluster.close();
  }

  @Test
  @Conformance({"PS-RET-01", "PS-RET-08", "PS-HIST-02"})
  void whatIsKeptOutlivesTheNodeThatItCameFromAndReachesANewOne() {
    Client lost = new Client(third.connect());
    IntStream.range(0, 50).forEach(i -> lost.publishes("com.t." + i, true, i));
    List<Object> published =
        IntStream.range(0, 50).mapToObj(i -> (Object) lost.publishes("com.log", false, i)).toList();
    Client witness = Client.of(cluster.node(1));
    long log = witness.subscribes("com.log", "exact");
    until("the others have heard of it", () -> witness.history(log).equals(published));

    third.kill();
    cluster.untilAmongThemselves();
    TestNode late = cluster.join();
    cluster.untilAgreed(3);

    for (TestNode node : List.of(cluster.node(0), cluster.node(1), late)) {
      Client client = Client.of(node);
      client.subscribes("com.t.", "prefix");
      for (int i = 0; i < 50; i++) {
        Event event = (Event) client.next();
        assertThat(event.details().is(Keys.RETAINED)).isTrue();
        assertThat(event.details().get(Keys.TOPIC))
            .isEqualTo("com.t." + event.payload().args().get(0));
      }
      assertThat(client.history(log)).isEqualTo(published);
    }
  }

  @Test
  @Conformance({"PS-RET-01", "PS-HIST-03"})
  void whatIsKeptOutlivesAllNodesThatItCameFromWhenTheyAreReplacedOneAfterTheOther() {
    List<Client> publishers =
        List.of(
            Client.of(cluster.node(0)), Client.of(cluster.node(1)), new Client(third.connect()));
    List<Object> published = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Client publisher = publishers.get(i % 3);
      publisher.publishes("com.t." + i, true, i);
      published.add(publisher.publishes("com.log", false, i));
    }
    cluster.untilBackedUp();
    third.kill();
    cluster.untilAmongThemselves();
    TestNode heir = cluster.join();
    cluster.untilAgreed(3);
    cluster.leave(cluster.node(0));
    TestNode late = cluster.join();
    cluster.untilAgreed(3);
    cluster.leave(cluster.node(0));
    cluster.untilAgreed(2);
    assertThat(cluster.nodes()).containsExactly(heir, late);

    for (TestNode node : cluster.nodes()) {
      Client client = Client.of(node);
      client.subscribes("com.t.", "prefix");
      List<Object> topics =
          IntStream.range(0, 60)
              .mapToObj(i -> (Object) ((Event) client.next()).details().get(Keys.TOPIC))
              .toList();
      assertThat(topics).doesNotHaveDuplicates().hasSize(60);
      assertThat(client.history(client.subscribes("com.log", "exact")))
          .containsExactlyInAnyOrderElementsOf(published);
    }
  }

  @Test
  @Conformance("PS-RET-11")
  void retainedEventThatIsRemovedOnOneNodeIsGoneOnAll() {
    Client publisher = Client.of(cluster.node(0));
    publisher.publishes("com.t.1", true, 1);
    publisher.publishes("com.t.2", true, 2);
    Client remover = new Client(third.connect());
    until(
        "it is removed",
        () -> remover.calls("wamp.tandem.retained.remove", "com.t.1").args().equals(List.of(true)));
    until(
        "the others have heard of it",
        () -> {
          Client client = Client.of(cluster.node(1));
          client.subscribes("com.t.", "prefix");
          return ((Event) client.next()).payload().args().equals(List.of(2L));
        });
  }
}
