package io.tandem.registry.hazelcast;

import io.tandem.registry.NodeId;
import io.tandem.registry.SubscriptionRecord;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** ID, time of creation, nodes. */
final class SubscriptionFormat extends ListFormat<SubscriptionRecord, NodeId> {

  SubscriptionFormat() {
    super(ValueFormat.NODE);
  }

  @Override
  Function<List<NodeId>, SubscriptionRecord> readHead(RecordInput in) {
    long id = in.number();
    Instant created = in.instant();
    return nodes -> new SubscriptionRecord(id, created, nodes);
  }

  @Override
  void writeHead(SubscriptionRecord value, RecordOutput out) {
    out.number(value.id()).instant(value.created());
  }

  @Override
  List<NodeId> parts(SubscriptionRecord value) {
    return value.nodes();
  }
}
