package io.tandem.registry.log;

import io.tandem.registry.Callee;
import io.tandem.registry.NodeId;
import io.tandem.registry.RealmRegistry;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.RoutingTables;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Has the lanes of this node take back registrations that others have replaced (RPC-SHR-09). Every
 * node does so for its own callees, when it hears of the one in their place: also a node that could
 * not be reached at the time. What the record says decides, since what is heard may be older.
 */
final class Replaced {

  private final NodeId self;
  private final RoutingTables tables;
  private final Map<Integer, Revoking> lanes = new ConcurrentHashMap<>();

  Replaced(RoutingTables tables) {
    this.self = tables.self();
    this.tables = tables;
  }

  void lane(int lane, Revoking revoking) {
    lanes.put(lane, revoking);
  }

  /** Whether this node has callees of the procedure. */
  boolean concerns(Resource resource) {
    boolean[] any = new boolean[1];
    forEach(resource, (registration, callee) -> any[0] = true);
    return any[0];
  }

  /** Revokes what the record does not name; a record that is lost says nothing. */
  void revoke(Resource resource, @Nullable RegistrationRecord record) {
    if (record == null) {
      return;
    }
    forEach(
        resource,
        (registration, callee) -> {
          if (registration != record.id() || record.of(callee) == null) {
            revoke(resource, registration, callee);
          }
        });
  }

  /** The callees of this node. */
  private void forEach(Resource resource, BiConsumer<Long, Callee> visitor) {
    RealmRegistry realm = tables.known(resource.realm());
    if (realm != null) {
      realm.callees(
          resource.match(),
          resource.uri(),
          (registration, callee) -> {
            if (callee.node().equals(self)) {
              visitor.accept(registration, callee);
            }
          });
    }
  }

  private void revoke(Resource resource, long registration, Callee callee) {
    Revoking lane = lanes.get(callee.lane());
    if (lane != null) {
      lane.revoke(resource.realm(), callee.session(), registration);
    }
  }
}
