package io.tandem.registry.hazelcast;

import io.tandem.registry.NodeId;
import io.tandem.registry.sessions.SessionDetails;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The node, and once the session is established a block: ID, realm, authid, authrole, authmethod,
 * authprovider, number of pairs about the transport, these, number of pairs said since, these.
 */
final class SessionFormat implements ValueFormat<SessionFormat.SessionRecord> {

  /**
   * What stands under a session's ID.
   *
   * @param node whose session it is
   * @param details null while the ID is only claimed
   */
  record SessionRecord(NodeId node, @Nullable SessionDetails details) {}

  @Override
  public SessionRecord read(RecordInput in) {
    NodeId node = NODE.read(in);
    return new SessionRecord(node, in.isAtEnd() ? null : details(new RecordInput(in.block())));
  }

  private static SessionDetails details(RecordInput in) {
    long session = in.number();
    String realm = in.text();
    String authid = in.text();
    String authrole = in.text();
    String authmethod = in.text();
    String authprovider = in.text();
    Map<String, String> transport = pairs(in);
    Map<String, String> more = in.isAtEnd() ? Map.of() : pairs(in);
    return new SessionDetails(
        session, realm, authid, authrole, authmethod, authprovider, transport, more);
  }

  private static Map<String, String> pairs(RecordInput in) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int left = in.count(); left > 0; left--) {
      String name = in.text();
      pairs.put(name, in.text());
    }
    return pairs;
  }

  @Override
  public void write(SessionRecord value, RecordOutput out) {
    NODE.write(value.node(), out);
    SessionDetails details = value.details();
    if (details != null) {
      out.block(block(details));
    }
  }

  private static byte[] block(SessionDetails details) {
    RecordOutput out =
        new RecordOutput()
            .number(details.session())
            .text(details.realm())
            .text(details.authid())
            .text(details.authrole())
            .text(details.authmethod())
            .text(details.authprovider());
    pairs(details.transport(), out);
    pairs(details.more(), out);
    return out.toByteArray();
  }

  private static void pairs(Map<String, String> pairs, RecordOutput out) {
    out.number(pairs.size());
    pairs.forEach((name, value) -> out.text(name).text(value));
  }
}
