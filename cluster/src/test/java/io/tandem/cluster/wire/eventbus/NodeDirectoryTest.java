package io.tandem.cluster.wire.eventbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.wire.WireNode;
import io.tandem.registry.NodeId;
import io.vertx.core.Completable;
import io.vertx.core.Promise;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the event bus is told of the cluster: what the membership says. */
class NodeDirectoryTest {

  private static final NodeId SELF = new NodeId("self", 1);
  private static final NodeId THERE = new NodeId("there", 2);
  private static final NodeId OTHER = new NodeId("other", 3);

  private final Map<NodeId, SocketAddress> addresses = new ConcurrentHashMap<>();
  private final NodeDirectory directory = new NodeDirectory(SELF, addresses::get);
  private final List<String> told = new ArrayList<>();

  NodeDirectoryTest() {
    addresses.put(THERE, SocketAddress.inetSocketAddress(5702, "10.0.0.2"));
    addresses.put(OTHER, SocketAddress.inetSocketAddress(5702, "10.0.0.3"));
    directory.registrationListener(
        new RegistrationListener() {
          @Override
          public void registrationsUpdated(RegistrationUpdateEvent event) {
            told.add(event.address() + " at " + names(event.registrations()));
          }
        });
  }

  @Test
  void nodeIsReachedWhereTheMembershipSaysByOneWayAtATime() {
    assertThat(reached("there#2")).containsExactly("there#2.0");
    NodeInfo info = get(promise -> directory.getNodeInfo("there#2.0", promise));
    assertThat(info.host()).isEqualTo("10.0.0.2");
    assertThat(info.port()).isEqualTo(5702);

    directory.renew(THERE);
    directory.renew(THERE);
    assertThat(told).containsExactly("there#2 at [there#2.1]", "there#2 at [there#2.2]");
    assertThat(reached("there#2")).containsExactly("there#2.2");
    assertThat(reached("other#3")).containsExactly("other#3.0");
  }

  @Test
  void eachStreamHasAWayOfItsOwnAndAllAreRenewed() {
    assertThat(reached("there#2")).containsExactly("there#2.0");
    assertThat(reached("there#2/1")).containsExactly("there#2/1.0");
    directory.renew(THERE);
    assertThat(told)
        .containsExactlyInAnyOrder("there#2 at [there#2.1]", "there#2/1 at [there#2/1.1]");
  }

  @Test
  void nodeThatNobodyKnowsIsNotReached() {
    assertThatThrownBy(
            () ->
                NodeDirectoryTest.<NodeInfo>get(
                    promise -> directory.getNodeInfo("nobody#9.0", promise)))
        .hasMessageContaining("nobody#9.0 is no node of the cluster");
    assertThatThrownBy(
            () ->
                NodeDirectoryTest.<NodeInfo>get(
                    promise -> directory.getNodeInfo("nobody", promise)))
        .hasMessageContaining("nobody is no node of the cluster");
  }

  @Test
  void nodeThatIsGoneIsForgottenWhenAnotherOneComes() {
    reached("there#2");
    addresses.remove(THERE);
    reached("other#3");
    assertThat(told).containsExactly("there#2 at []");
  }

  @Test
  void addressesThatAreNoNodesAreThisNodesOwn() {
    assertThat(reached("private")).isEmpty();
    assertThat(reached("self#1")).isEmpty();
    assertThat(directory.getNodes()).containsExactly("self#1");
  }

  @Test
  void nodesShareNoDataByVertx() {
    assertThatThrownBy(() -> directory.getSyncMap("m"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(
            () ->
                NodeDirectoryTest.<AsyncMap<String, String>>get(
                    promise -> directory.getAsyncMap("m", promise)))
        .hasMessageContaining("registry");
    assertThatThrownBy(
            () -> NodeDirectoryTest.<Counter>get(promise -> directory.getCounter("c", promise)))
        .hasMessageContaining("registry");
    assertThatThrownBy(
            () ->
                NodeDirectoryTest.<Lock>get(
                    promise -> directory.getLockWithTimeout("l", 1, promise)))
        .hasMessageContaining("registry");
  }

  private List<String> reached(String address) {
    return names(get(promise -> directory.getRegistrations(address, promise)));
  }

  private static List<String> names(List<RegistrationInfo> registrations) {
    return registrations.stream().map(RegistrationInfo::nodeId).toList();
  }

  /** What is answered at once, as everything here is. */
  private static <T> T get(Consumer<Completable<T>> question) {
    Promise<T> answer = Promise.promise();
    question.accept(answer);
    assertThat(answer.future().isComplete()).isTrue();
    return WireNode.get(answer.future());
  }
}
