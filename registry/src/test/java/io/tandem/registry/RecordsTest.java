package io.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the shared record says of subscriptions, registrations and their callees. */
class RecordsTest {

  private static final NodeId A = new NodeId("A", 1);
  private static final NodeId B = new NodeId("B", 1);

  private static Callee callee(NodeId node, int lane, long session) {
    return new Callee(node, lane, session, 0, false, false);
  }

  private static RegistrationRecord record(InvocationPolicy policy) {
    return RegistrationRecord.first(9, Instant.EPOCH, policy, callee(A, 0, 1));
  }

  @Test
  void calleeIsASessionOfALaneOfANode() {
    Callee callee = callee(A, 0, 1);
    assertThat(callee.sameSession(new Callee(A, 0, 1, 5, true, true))).isTrue();
    assertThat(callee.sameSession(callee(B, 0, 1))).isFalse();
    assertThat(callee.sameSession(callee(A, 1, 1))).isFalse();
    assertThat(callee.sameSession(callee(A, 0, 2))).isFalse();
    assertThat(new Callee(A, 3, 4, 5, true, false).at(6))
        .isEqualTo(new Callee(A, 3, 4, 6, true, false));
  }

  @ParameterizedTest
  @EnumSource
  void policyIsKnownByItsName(InvocationPolicy policy) {
    assertThat(InvocationPolicy.of(policy.wireName())).isEqualTo(policy);
    assertThat(policy.wireName()).isEqualTo(policy.name().toLowerCase(Locale.ROOT));
    assertThatThrownBy(() -> InvocationPolicy.of(policy.name()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sessionJoinsARegistrationOnce() {
    for (InvocationPolicy policy : InvocationPolicy.values()) {
      assertThat(record(policy).refusal(policy, callee(A, 0, 1)))
          .isEqualTo("this session has registered the procedure already");
    }
  }

  @Test
  void anotherSessionJoinsWhatIsSharedUnderTheSamePolicy() {
    assertThat(record(InvocationPolicy.FIRST).refusal(InvocationPolicy.FIRST, callee(A, 0, 2)))
        .isNull();
    assertThat(record(InvocationPolicy.FIRST).refusal(InvocationPolicy.LAST, callee(A, 0, 2)))
        .isEqualTo("the procedure is registered with invocation policy first");
    assertThat(record(InvocationPolicy.SINGLE).refusal(InvocationPolicy.SINGLE, callee(A, 0, 2)))
        .isEqualTo("the procedure is registered already");
  }

  @Test
  void calleesStandInTheOrderInWhichTheyCame() {
    RegistrationRecord two = record(InvocationPolicy.FIRST).with(callee(B, 0, 1));
    assertThat(two.callees()).containsExactly(callee(A, 0, 1).at(0), callee(B, 0, 1).at(1));
    assertThat(two.nextOrdinal()).isEqualTo(2);
    assertThat(two.of(callee(B, 0, 1))).isEqualTo(callee(B, 0, 1).at(1));
    assertThat(two.of(callee(B, 0, 2))).isNull();
    RegistrationRecord rest = two.without(callee(A, 0, 1));
    assertThat(rest.callees()).containsExactly(callee(B, 0, 1).at(1));
    assertThat(rest.nextOrdinal()).isEqualTo(2);
    assertThat(rest.id()).isEqualTo(9);
  }

  @Test
  void subscriptionIsOfTheNodesThatWantIt() {
    SubscriptionRecord record = new SubscriptionRecord(9, Instant.EPOCH, List.of(A)).with(B);
    assertThat(record).isEqualTo(new SubscriptionRecord(9, Instant.EPOCH, List.of(A, B)));
    assertThat(record.without(A)).isEqualTo(new SubscriptionRecord(9, Instant.EPOCH, List.of(B)));
  }

  @Test
  void interestIsOfNobodyWhenTheLastLaneAndNodeHaveLostIt() {
    Interest interest = Interest.NONE.withLane(0).withLane(63).withNode(B);
    assertThat(interest).isEqualTo(new Interest(1L | 1L << 63, List.of(B)));
    assertThat(interest.withNode(B)).isSameAs(interest);
    assertThat(interest.isNone()).isFalse();
    assertThat(interest.withoutNode(B).isNone()).isFalse();
    assertThat(interest.withoutLane(0).withoutLane(63).isNone()).isFalse();
    assertThat(interest.withoutLane(0).withoutLane(63).withoutNode(B).isNone()).isTrue();
  }
}
