package io.tandem.node;

import io.tandem.cluster.membership.Discovery;
import io.tandem.cluster.nodes.Muster;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Asks discovery whom it names, as Hazelcast does for itself. Any thread. */
final class Lookout {

  /** A name server may be slow, and nobody waits for it. */
  private static final Executor BLOCKING =
      task -> {
        Thread thread = new Thread(task, "tandem-lookout");
        thread.setDaemon(true);
        thread.start();
      };

  private final ClusterConfig config;
  private final Endpoint.Tcp self;

  /**
   * @param port that the cluster port of this node got
   */
  Lookout(ClusterConfig config, int port) {
    this.config = config;
    this.self = config.endpoint().withPort(port);
  }

  /** Fails when discovery cannot tell. */
  CompletionStage<Muster.Named> look() {
    if (config.discovery().equals(new Discovery.Addresses(List.of()))) {
      return CompletableFuture.completedFuture(new Muster.Named(true, Set.of()));
    }
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return named();
          } catch (UnknownHostException unknown) {
            throw new CompletionException(unknown);
          }
        },
        BLOCKING);
  }

  private Muster.Named named() throws UnknownHostException {
    Set<String> others = new TreeSet<>();
    if (config.discovery() instanceof Discovery.KubernetesDns dns) {
      Set<InetAddress> own = Set.of(InetAddress.getAllByName(self.address()));
      List<InetAddress> all = Arrays.asList(InetAddress.getAllByName(dns.service()));
      all.stream()
          .filter(address -> !own.contains(address))
          .forEach(address -> others.add(address.getHostAddress()));
      return new Muster.Named(all.stream().anyMatch(own::contains), others);
    }
    ((Discovery.Addresses) config.discovery())
        .members().stream().filter(member -> !isSelf(member)).forEach(others::add);
    return new Muster.Named(true, others);
  }

  /** Whether this HOST:PORT is this node. */
  private boolean isSelf(String member) {
    int colon = member.lastIndexOf(':');
    if (Integer.parseInt(member.substring(colon + 1)) != self.port()) {
      return false;
    }
    try {
      return InetAddress.getByName(member.substring(0, colon))
          .equals(InetAddress.getByName(self.address()));
    } catch (UnknownHostException unknown) {
      return false;
    }
  }
}
