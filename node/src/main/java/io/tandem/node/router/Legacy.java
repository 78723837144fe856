package io.tandem.node.router;

import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.testaments.Testament;
import io.tandem.registry.testaments.Testator;
import io.tandem.registry.testaments.Will;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a session leaves, as its lane keeps account of it. Belongs to the lane. */
final class Legacy {

  private static final String AUTHEXTRA = "authextra";
  private static final String TRANSPORT = "transport";

  /** Of a testator, and of a testament, beside what is counted. */
  private static final int OVERHEAD = 512;

  private static final int OVERHEAD_OF_EACH = 256;

  /** As it is known to be kept. */
  Will will;

  /** What its session is charged with for that. */
  long charged;

  /** The newest change; the next one begins when it is over, however it went. */
  CompletionStage<?> last = CompletableFuture.completedFuture(null);

  Legacy(Session session) {
    this.will = Will.of(testator(session));
  }

  /** Whose it is, as its session is known now. */
  static Testator testator(Session session) {
    Map<String, Object> more = new LinkedHashMap<>();
    if (session.principal().authextra() != null) {
      more.put(AUTHEXTRA, session.principal().authextra());
    }
    Map<String, Object> transport = AuthorizerProcedures.transport(session);
    if (!transport.isEmpty()) {
      more.put(TRANSPORT, transport);
    }
    return new Testator(
        session.id(),
        session.principal().realm(),
        session.principal().authid(),
        session.principal().authrole(),
        session.principal().authmethod(),
        session.principal().authprovider(),
        session.features().passthru().contains(ClientRole.PUBLISHER),
        Payload.encode(Serializer.JSON, List.of(), more));
  }

  /** What procedures were told of the session's transport. */
  static Map<String, Object> transport(Testator testator) {
    return dictionary(testator, TRANSPORT);
  }

  /** What the session was told when it joined; empty for nothing. */
  static Map<String, Object> authextra(Testator testator) {
    return dictionary(testator, AUTHEXTRA);
  }

  @SuppressWarnings("unchecked") // as it was made above
  private static Map<String, Object> dictionary(Testator testator, String name) {
    Object value = testator.more().kwargs().get(name);
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** What one copy of a will takes, in octets, roughly; nothing where nothing is in it. */
  static long weight(Will will) {
    if (will.testaments().isEmpty()) {
      return 0;
    }
    long weight = (long) OVERHEAD + will.testator().more().kept();
    for (Testament each : will.testaments()) {
      weight +=
          OVERHEAD_OF_EACH
              + 2L * each.publish().topic().length()
              + each.publish().options().weight()
              + each.publish().payload().kept();
    }
    return weight;
  }
}
