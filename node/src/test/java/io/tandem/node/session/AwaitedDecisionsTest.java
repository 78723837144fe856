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

  private static final String PUBLISH = "[16,1,{\"acknowledge\":true},\"com.a\"]";

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

  @Test
  @Conformance("ORD-08")
  void laterRequestsOfTheSessionWaitForTheDecisionAndKeepTheirOrder() {
    receive(SUBSCRIBE);
    receive("[16,2,{\"acknowledge\":true},\"com.b\"]");
    receive("[34,3,4711]");
    assertThat(asked.uris).containsExactly("SUBSCRIBE com.a");
    assertThat(sent()).isEmpty();
    assertThat(machine.isBusy()).isTrue();

    decide(0, Decision.ALLOWED);
    assertThat(sent()).singleElement().asString().startsWith("[33,1,");
    assertThat(asked.uris).containsExactly("SUBSCRIBE com.a", "PUBLISH com.b");

    decide(1, Decision.ALLOWED);
    assertThat(sent())
        .satisfiesExactly(
            published -> assertThat(published).startsWith("[17,2,"),
            unsubscribed -> assertThat(unsubscribed).startsWith("[8,34,3,"));
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
    receive("[48,2,{},\"com.b\"]");
    asked.answers.get(0).completeExceptionally(new IllegalStateException("out of order"));
    runTasks();
    assertThat(sent())
        .singleElement()
        .asString()
        .startsWith("[8,48,1,{},\"wamp.error.authorization_failed\"");

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
  void answersToInvocationsDoNotWait() {
    authorizer = (principal, action, uri, match) -> Decision.ALLOWED;
    receive("[64,1,{},\"com.a\"]");
    receive("[48,2,{},\"com.a\"]");
    sent();
    authorizer = asked;
    receive("[32,3,{},\"com.b\"]");
    receive("[70,1,{}]");
    assertThat(sent()).containsExactly("[50,2,{}]");
    decide(0, Decision.ALLOWED);
    assertThat(sent()).singleElement().asString().startsWith("[33,3,");
  }

  @Test
  void clientThatSaysMuchMeanwhileIsHeldUntilItsTurnComes() {
    receive(SUBSCRIBE);
    for (int request = 2; request < 2 + Backlog.MOST; request++) {
      assertThat(transport.holds).isZero();
      receive("[34," + request + ",4711]");
    }
    assertThat(transport.holds).isEqualTo(1);
    decide(0, Decision.ALLOWED);
    assertThat(sent()).hasSize(1 + Backlog.MOST);
    assertThat(transport.holds).isZero();
  }

  @Test
  @Conformance("AZ-09")
  void sessionThatIsGoneWhenTheDecisionComesGetsNothing() {
    receive(SUBSCRIBE);
    receive("[34,2,4711]");
    machine.lost(CloseCause.TRANSPORT_LOST);
    decide(0, Decision.ALLOWED);
    assertThat(sent()).isEmpty();
    assertThat(time.timers()).isZero();
  }

  @Test
  void goodbyeWaitsAndWhatComesBehindItIsForTheNextSession() {
    receive(PUBLISH);
    receive("[6,{},\"wamp.close.normal\"]");
    receive(ANONYMOUS);
    assertThat(sent()).isEmpty();
    decide(0, Decision.ALLOWED);
    assertThat(sent())
        .satisfiesExactly(
            published -> assertThat(published).startsWith("[17,1,"),
            goodbye -> assertThat(goodbye).startsWith("[6,"),
            welcome -> assertThat(welcome).startsWith("[2,"));
  }

  @Test
  void abortDoesNotWait() {
    receive(SUBSCRIBE);
    receive("[3,{},\"wamp.close.normal\"]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.ABORTED_BY_CLIENT);
    decide(0, Decision.ALLOWED);
    assertThat(sent()).isEmpty();
  }

  /** What breaks the protocol behind the request ends the session when its turn comes. */
  @Test
  void violationBehindTheRequestComesAfterIt() {
    receive(PUBLISH);
    receive("[1,\"realm1\",{}]");
    assertThat(sent()).isEmpty();
    decide(0, Decision.ALLOWED);
    assertThat(sent())
        .satisfiesExactly(
            published -> assertThat(published).startsWith("[17,1,"),
            abort -> assertThat(abort).contains(VIOLATION));
  }
}
