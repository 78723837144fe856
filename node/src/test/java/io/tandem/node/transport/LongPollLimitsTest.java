package io.tandem.node.transport;

import static io.tandem.testing.Patience.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.TestNode;
import io.tandem.testing.Conformance;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a long-poll client can make a node keep that does not treat its messages yet. */
class LongPollLimitsTest {

  private static final String CALL = "[48,%d,{},\"com.nobody\",[\"%s\"]]";

  /** What takes a quarter of an hour to be paid for, at 1 KiB in a second. */
  private static final String LONG = "x".repeat(1_000_000);

  private static final String YAML =
      TestNode.LISTENER
          + "    longPoll: {path: /lp, wait: 1s, idle: 2s}\n"
          + "    limits: {maxMessageSize: 1MiB, outboundQueue: 1MiB}\n"
          + TestNode.MANAGEMENT
          + TestNode.REALM
          + "lanes: 2\n";

  private static final String SLOW =
      YAML.replace("lanes:", "    limits: {rate: {octets: 1KiB}}\nlanes:");

  private TestNode node;
  private Requests.Client client;

  @BeforeEach
  void holdAClient() {
    node = TestNode.start(SLOW);
    client = new Requests(node).new Client("wamp.2.json").join();
    assertThat(client.send(CALL.formatted(1, LONG)).statusCode()).isEqualTo(204);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private List<CompletableFuture<HttpResponse<String>>> send(int count, int octets) {
    return IntStream.range(0, count)
        .mapToObj(i -> client.sendLater(CALL.formatted(2 + i, "x".repeat(octets))))
        .toList();
  }

  private static List<Integer> statuses(List<CompletableFuture<HttpResponse<String>>> sent) {
    return sent.stream().map(each -> join(each).statusCode()).toList();
  }

  @Test
  @Conformance({"LP-07", "LP-08"})
  void heldClientsRequestsWaitForTheirAnswerUpToTheBoundAndFurtherOnesAreRefused() {
    List<CompletableFuture<HttpResponse<String>>> sent = send(3, 400_000);
    join(CompletableFuture.anyOf(sent.toArray(CompletableFuture[]::new)));
    assertThat(sent.stream().filter(CompletableFuture::isDone).toList())
        .singleElement()
        .satisfies(refused -> assertThat(refused.join().statusCode()).isEqualTo(503));

    node.reload(YAML);
    assertThat(statuses(sent)).containsExactlyInAnyOrder(204, 204, 503);
    assertThat(statuses(send(2, 400_000))).containsOnly(204);
  }

  @Test
  void requestsThatWaitAreAnsweredWhenTheTransportEnds() {
    List<CompletableFuture<HttpResponse<String>>> sent = send(2, 400_000);
    CompletableFuture<HttpResponse<String>> tooLong = client.sendLater("x".repeat((1 << 20) + 1));
    assertThat(join(tooLong).statusCode()).isEqualTo(413);
    assertThat(statuses(sent)).containsOnly(204);
  }

  /** AutobahnJS would take each request that fails for a loss of its own. */
  @Test
  void endThatTheAnswerToAMessageHasToldIsNotToldAgain() {
    Requests.Client other = new Requests(node).new Client("wamp.2.json").join();
    CompletableFuture<HttpResponse<String>> one = other.receiveLater();
    CompletableFuture<HttpResponse<String>> another = other.receiveLater();
    join(CompletableFuture.anyOf(one, another)); // by the other one, which waits
    assertThat(other.send("x".repeat((1 << 20) + 1)).statusCode()).isEqualTo(413);
    assertThat(statuses(List.of(one, another))).containsExactly(204, 204);
    assertThat(other.receive().statusCode()).isEqualTo(404);
  }

  /** A client that did not know would now and then ask over a connection that is being closed. */
  @Test
  void answersSayHowLongTheirConnectionIsGoodForTheNextRequest() {
    HttpResponse<String> opened = new Requests(node).open("\"wamp.2.json\"");
    assertThat(opened.headers().firstValue("Keep-Alive")).hasValue("timeout=4"); // of 5 s
  }
}
