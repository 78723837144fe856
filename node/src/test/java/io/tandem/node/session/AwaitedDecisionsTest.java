package io.tandem.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Answer;
import io.tandem.node.auth.Authorizer;
import io.tandem.node.auth.Decision;
import io.tandem.node.auth.Principal;
import io.tandem.node.router.CloseCause;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An authorizer that decides when the test wants it to, or never. */
class AwaitedDecisionsTest extends OneClient {

  private static final String SUBSCRIBE = "[32,1,{},\"com.a\"]";

  private final Asked asked = new Asked();

  /** What was asked, in order, and the answers. */
  private static final class Asked implements Authorizer {
    final List<String> uris = new ArrayList<>();
    final List<CompletableFuture<Decision>> answers = new ArrayList<>();

    @Override
    public Answer authorize(Principal principal, Action action, String uri, MatchPolicy match) {
      uris.add(action + " " + uri);
      CompletableFuture<Decision> answer = new CompletableFuture<>();
      answers.add(answer);
      return new Answer.Later(answer);
    }
  }

  @BeforeEach
  void join() {
    receive(ANONYMOUS);
    sent();
    authorizer = asked;
  }

  private void decide(int number, Decision decision) {
    asked.answers.get(number).complete(decision);
    runTasks();
  }

  /** What it says meanwhile stays in the channel, in order. */
  @Test
  @Conformance("ORD-08")
  void clientIsHeldUntilItsRequestIsDecidedOn() {
    receive(SUBSCRIBE);
    assertThat(asked.uris).containsExactly("SUBSCRIBE com.a");
    assertThat(sent()).isEmpty();
    assertThat(transport.holds).isEqualTo(1);
    assertThat(machine.isBusy()).isTrue();

    decide(0, Decision.ALLOWED);
    assertThat(sent()).singleElement().asString().startsWith("[33,1,");
    assertThat(transport.holds).isZero();
    assertThat(machine.isBusy()).isFalse();
  }

  @Test
  @Conformance("AZ-02")
  void decisionThatComesLateMayBeNo() {
    receive("[64,1,{},\"com.a\"]");
    decide(0, Decision.DENIED);
    assertThat(sent())
        .singleElement()
        .asString()
        .startsWith("[8,64,1,{},\"wamp.error.not_authorized\"");
  }

  @Test
  @Conformance("AZ-03")
  void authorizerThatFailsLateOrNeverAnswersPerformsNothing() {
    receive("[48,1,{},\"com.a\"]");
    asked.answers.get(0).completeExceptionally(new IllegalStateException("out of order"));
    runTasks();
    assertThat(sent())
        .singleElement()
        .asString()
        .startsWith("[8,48,1,{},\"wamp.error.authorization_failed\"");

    receive("[48,2,{},\"com.b\"]");
    time.pass(Duration.ofSeconds(10));
    runTasks();
    assertThat(sent())
        .singleElement()
        .asString()
        .startsWith("[8,48,2,{},\"wamp.error.authorization_failed\"");
    decide(1, Decision.ALLOWED);
    assertThat(sent()).as("a decision after that").isEmpty();
  }

  @Test
  @Conformance("AZ-03")
  void authorizerThatSaysNothingAtAllFails() {
    for (Answer nothing : new Answer[] {null, new Answer.Later(null)}) {
      authorizer = (principal, action, uri, match) -> nothing;
      receive("[16,1,{\"acknowledge\":true},\"com.a\"]");
      assertThat(sent())
          .singleElement()
          .asString()
          .startsWith("[8,16,1,{},\"wamp.error.authorization_failed\"");
      assertThat(time.timers()).isZero();
    }
  }

  @Test
  @Conformance("RPC-TMO-02")
  void timeoutOfACallRunsFromWhenItCame() {
    authorizer = (principal, action, uri, match) -> Decision.ALLOWED;
    receive("[64,1,{},\"com.a\"]");
    sent();
    authorizer = asked;
    receive("[48,2,{\"timeout\":5000},\"com.a\"]");
    time.pass(Duration.ofSeconds(4));
    decide(0, Decision.ALLOWED);
    assertThat(sent()).singleElement().asString().startsWith("[68,1,");
    time.pass(Duration.ofMillis(1_001));
    runTasks();
    assertThat(sent()).anyMatch(message -> message.contains("wamp.error.timeout"));
  }

  @Test
  @Conformance("AZ-09")
  void sessionThatIsGoneWhenTheDecisionComesGetsNothing() {
    receive(SUBSCRIBE);
    machine.lost(CloseCause.TRANSPORT_LOST);
    decide(0, Decision.ALLOWED);
    assertThat(sent()).isEmpty();
    assertThat(time.timers()).isZero();
  }
}
