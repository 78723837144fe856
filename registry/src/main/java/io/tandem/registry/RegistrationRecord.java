package io.tandem.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of a registration that the whole cluster shares: its ID, its policy and its callees in
 * the order in which they registered (RPC-SHR-04). It decides who may join; immutable, put in place
 * by compare-and-set.
 *
 * @param nextOrdinal the place that the next callee gets
 */
public record RegistrationRecord(
    long id, Instant created, InvocationPolicy policy, long nextOrdinal, List<Callee> callees) {

  public RegistrationRecord {
    callees = List.copyOf(callees);
  }

  /** The record of a first callee. */
  public static RegistrationRecord first(
      long id, Instant created, InvocationPolicy policy, Callee callee) {
    return new RegistrationRecord(id, created, policy, 1, List.of(callee.at(0)));
  }

  /** Why a further callee may not join, or null when it may (RPC-02, RPC-SHR-02, 03, 06). */
  public @Nullable String refusal(InvocationPolicy wanted, Callee newcomer) {
    if (callees.stream().anyMatch(newcomer::sameSession)) {
      return "this session has registered the procedure already";
    }
    if (policy != wanted) {
      return "the procedure is registered with invocation policy " + policy.wireName();
    }
    return policy == InvocationPolicy.SINGLE ? "the procedure is registered already" : null;
  }

  /** The same under this policy. */
  public RegistrationRecord by(InvocationPolicy other) {
    return new RegistrationRecord(id, created, other, nextOrdinal, callees);
  }

  /** With this callee as the newest. */
  public RegistrationRecord with(Callee callee) {
    List<Callee> more = new ArrayList<>(callees);
    more.add(callee.at(nextOrdinal));
    return new RegistrationRecord(id, created, policy, nextOrdinal + 1, more);
  }

  /** With this callee at the place that it once got. */
  public RegistrationRecord withAgain(Callee callee) {
    List<Callee> more = new ArrayList<>(callees);
    more.add(callee);
    more.sort(Comparator.comparingLong(Callee::ordinal));
    return new RegistrationRecord(
        id, created, policy, Math.max(nextOrdinal, callee.ordinal() + 1), more);
  }

  /** Without the callee of this session. */
  public RegistrationRecord without(Callee callee) {
    return new RegistrationRecord(
        id,
        created,
        policy,
        nextOrdinal,
        callees.stream().filter(other -> !other.sameSession(callee)).toList());
  }

  /** The callee of this callee's session, at its place in the order, or null. */
  public @Nullable Callee of(Callee callee) {
    return callees.stream().filter(callee::sameSession).findFirst().orElse(null);
  }
}
