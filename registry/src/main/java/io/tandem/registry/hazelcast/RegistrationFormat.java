package io.tandem.registry.hazelcast;

import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistrationRecord;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * ID, time of creation, invocation policy, next ordinal, callees; then the extension that the
 * policy is, zero for none. Earlier releases do not know that field, so what they do know stands in
 * front.
 */
final class RegistrationFormat extends ListFormat<RegistrationRecord, Callee> {

  RegistrationFormat() {
    super(new CalleeFormat());
  }

  @Override
  Function<List<Callee>, RegistrationRecord> readHead(RecordInput in) {
    long id = in.number();
    Instant created = in.instant();
    InvocationPolicy policy = policy(in.octet());
    long nextOrdinal = in.number();
    return callees -> new RegistrationRecord(id, created, policy, nextOrdinal, callees);
  }

  @Override
  void writeHead(RegistrationRecord value, RecordOutput out) {
    out.number(value.id())
        .instant(value.created())
        .octet(code(value.policy().specified()))
        .number(value.nextOrdinal());
  }

  @Override
  List<Callee> parts(RegistrationRecord value) {
    return value.callees();
  }

  @Override
  void writeTail(RegistrationRecord value, RecordOutput out) {
    out.octet(extension(value.policy()));
  }

  /** A policy holds for the life of a registration, also one that only later releases know. */
  @Override
  void rewriteTail(
      RegistrationRecord value, RegistrationRecord old, RecordInput before, RecordOutput out) {
    int extension = before.isAtEnd() ? 0 : before.octet();
    out.octet(value.id() == old.id() ? extension : extension(value.policy()));
  }

  private static int extension(InvocationPolicy policy) {
    return switch (policy) {
      case LEAST_BUSY -> 1;
      case STICKY -> 2;
      default -> 0;
    };
  }

  @Override
  RegistrationRecord readTail(RegistrationRecord value, RecordInput in) {
    return switch (in.isAtEnd() ? 0 : in.octet()) {
      case 1 -> value.by(InvocationPolicy.LEAST_BUSY);
      case 2 -> value.by(InvocationPolicy.STICKY);
      default -> value;
    };
  }

  private static int code(InvocationPolicy specified) {
    return switch (specified) {
      case SINGLE -> 0;
      case ROUNDROBIN, LEAST_BUSY, STICKY -> 1;
      case RANDOM -> 2;
      case FIRST -> 3;
      case LAST -> 4;
    };
  }

  private static InvocationPolicy policy(int code) {
    return switch (code) {
      case 0 -> InvocationPolicy.SINGLE;
      case 1 -> InvocationPolicy.ROUNDROBIN;
      case 2 -> InvocationPolicy.RANDOM;
      case 3 -> InvocationPolicy.FIRST;
      case 4 -> InvocationPolicy.LAST;
      default -> throw new IllegalArgumentException("unknown invocation policy " + code);
    };
  }

  /**
   * Node, lane, session, ordinal, wishes (1 disclose the caller, 2 forward the timeout, 4 replace).
   */
  private static final class CalleeFormat implements ValueFormat<Callee> {

    private static final int DISCLOSE_CALLER = 1;
    private static final int FORWARD_TIMEOUT = 2;
    private static final int REPLACES = 4;

    @Override
    public Callee read(RecordInput in) {
      NodeId node = NODE.read(in);
      int lane = Math.toIntExact(in.number());
      long session = in.number();
      long ordinal = in.number();
      int wishes = in.octet();
      return new Callee(
          node,
          lane,
          session,
          ordinal,
          (wishes & DISCLOSE_CALLER) != 0,
          (wishes & FORWARD_TIMEOUT) != 0,
          (wishes & REPLACES) != 0);
    }

    @Override
    public void write(Callee value, RecordOutput out) {
      NODE.write(value.node(), out);
      int wishes =
          (value.discloseCaller() ? DISCLOSE_CALLER : 0)
              | (value.forwardTimeout() ? FORWARD_TIMEOUT : 0)
              | (value.replaces() ? REPLACES : 0);
      out.number(value.lane()).number(value.session()).number(value.ordinal()).octet(wishes);
    }
  }
}
