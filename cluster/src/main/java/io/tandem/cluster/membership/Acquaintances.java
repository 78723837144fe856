package io.tandem.cluster.membership;

import com.hazelcast.cluster.Address;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.cluster.impl.TcpIpJoiner;
import com.hazelcast.internal.nio.Connection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Whom a member has met, be it that it was told where they are or that they have found it. A member
 * that is to give way to others has to find them in its next life; when it was told of nobody it
 * would be alone then, found again, and told to give way again, without end. Any thread.
 */
final class Acquaintances {

  /** Those lately met are enough to find the others by. */
  private static final int MOST = 16;

  private final Node node;
  private final Deque<String> met;

  /**
   * @param hazelcast an instance as it is made here
   * @param before where an earlier life has met others
   */
  Acquaintances(HazelcastInstance hazelcast, List<String> before) {
    this.node = ((HazelcastInstanceProxy) hazelcast).getOriginal().node;
    this.met = new ArrayDeque<>(before);
  }

  /** Takes note of those who are there now: connections end where a member gives way. */
  synchronized void look() {
    Stream<Address> known =
        node.getJoiner() instanceof TcpIpJoiner joiner
            ? joiner.getKnownMemberAddresses().keySet().stream()
            : Stream.of();
    Stream<Address> connected =
        node.getServer().getConnectionManager(EndpointQualifier.MEMBER).getConnections().stream()
            .map(Connection::getRemoteAddress)
            .filter(Objects::nonNull);
    Stream.concat(known, connected)
        .filter(address -> !address.equals(node.getThisAddress()))
        .map(Acquaintances::written)
        .forEach(this::note);
  }

  private void note(String address) {
    met.remove(address);
    met.addFirst(address);
    if (met.size() > MOST) {
      met.removeLast();
    }
  }

  /** Where they were, each {@code host:port}, those who were met last first. */
  synchronized List<String> addresses() {
    return List.copyOf(met);
  }

  private static String written(Address address) {
    String host = address.getHost();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
