package io.tandem.cluster.wire.eventbus;

import io.tandem.cluster.link.Wire;
import io.tandem.registry.NodeId;
import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cluster, as the event bus has to know it: which node listens at an address, and where that
 * is. Both follow from the membership of this node's own Hazelcast member, so nothing is asked of
 * others, and a frozen one holds up no look-up. Nobody else's addresses exist, and there is no data
 * to share: that is the registry's. Any thread.
 */
final class NodeDirectory implements ClusterManager {

  private static final String NO_SHARED_DATA = "nodes share their data in the registry";

  private final NodeId self;
  private final Function<NodeId, @Nullable SocketAddress> addresses;

  /** Which way is the present one, for each address that the bus has asked for. */
  private final ConcurrentMap<String, Integer> ways = new ConcurrentHashMap<>();

  private volatile @Nullable RegistrationListener selector;
  private volatile @Nullable NodeInfo info;
  private volatile boolean active;

  /**
   * @param addresses where the bus of a node listens, null when the node is unknown; any thread
   */
  NodeDirectory(NodeId self, Function<NodeId, @Nullable SocketAddress> addresses) {
    this.self = self;
    this.addresses = addresses;
  }

  /** What is sent to the node from now on goes other ways than before. */
  void renew(NodeId node) {
    for (String address : ways.keySet()) {
      if (node.equals(BusAddress.node(address))) {
        ways.merge(address, 1, Integer::sum);
        tell(address, registrations(address));
      }
    }
  }

  private void forgetTheGone() {
    for (String address : ways.keySet()) {
      NodeId node = BusAddress.node(address);
      if (node == null || addresses.apply(node) == null) {
        ways.remove(address);
        tell(address, List.of());
      }
    }
  }

  private void tell(String address, List<RegistrationInfo> registrations) {
    RegistrationListener listener = selector;
    if (listener != null) {
      listener.registrationsUpdated(new RegistrationUpdateEvent(address, registrations));
    }
  }

  private List<RegistrationInfo> registrations(String address) {
    int way = ways.getOrDefault(address, 0);
    return List.of(new RegistrationInfo(BusAddress.name(address, way), 0, false));
  }

  // ---- asked by the bus ----

  @Override
  public String getNodeId() {
    return BusAddress.of(self, Wire.NODE);
  }

  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
    NodeId node = BusAddress.node(address);
    if (node == null || node.equals(self)) {
      promise.succeed(List.of());
      return;
    }
    forgetTheGone();
    ways.putIfAbsent(address, 0);
    promise.succeed(registrations(address));
  }

  @Override
  public void getNodeInfo(String nodeId, Completable<NodeInfo> promise) {
    NodeId node = BusAddress.node(nodeId);
    SocketAddress address = node == null ? null : addresses.apply(node);
    if (address == null) {
      promise.fail(nodeId + " is no node of the cluster");
    } else {
      promise.succeed(new NodeInfo(address.host(), address.port(), null));
    }
  }

  @Override
  public @Nullable NodeInfo getNodeInfo() {
    return info;
  }

  @Override
  public void setNodeInfo(NodeInfo nodeInfo, Completable<Void> promise) {
    info = nodeInfo;
    promise.succeed();
  }

  @Override
  public List<String> getNodes() {
    return List.of(getNodeId());
  }

  @Override
  public void registrationListener(RegistrationListener registrationListener) {
    selector = registrationListener;
  }

  /** Nothing is to be told: the others know the addresses that this node listens at. */
  @Override
  public void addRegistration(
      String address, RegistrationInfo registrationInfo, Completable<Void> promise) {
    promise.succeed();
  }

  @Override
  public void removeRegistration(
      String address, RegistrationInfo registrationInfo, Completable<Void> promise) {
    promise.succeed();
  }

  @Override
  public void init(Vertx vertx) {}

  @Override
  public void nodeListener(NodeListener listener) {}

  /** This node's member is there before its Vert.x, and stays until after it. */
  @Override
  public void join(Completable<Void> promise) {
    active = true;
    promise.succeed();
  }

  @Override
  public void leave(Completable<Void> promise) {
    active = false;
    promise.succeed();
  }

  @Override
  public boolean isActive() {
    return active;
  }

  @Override
  public <K, V> void getAsyncMap(String name, Completable<AsyncMap<K, V>> promise) {
    promise.fail(NO_SHARED_DATA);
  }

  @Override
  public <K, V> Map<K, V> getSyncMap(String name) {
    throw new UnsupportedOperationException(NO_SHARED_DATA);
  }

  @Override
  public void getLockWithTimeout(String name, long timeout, Completable<Lock> promise) {
    promise.fail(NO_SHARED_DATA);
  }

  @Override
  public void getCounter(String name, Completable<Counter> promise) {
    promise.fail(NO_SHARED_DATA);
  }
}
