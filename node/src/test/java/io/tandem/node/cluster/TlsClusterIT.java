package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.cluster.proof.ClusterAuthority;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that show each other certificates on all connections between them. */
class TlsClusterIT {

  @TempDir Path directory;

  private final ClusterAuthority authority = ClusterAuthority.create();

  private String tls(String name, ClusterAuthority by) throws IOException {
    ClusterAuthority.Pem issued = by.issue(name, Duration.ofDays(1));
    return "tls: {certificate: %s, key: %s, ca: %s}"
        .formatted(
            file(name + ".crt", issued.certificate()),
            file(name + ".key", issued.key()),
            file(name + ".ca.crt", by.pem().certificate()));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"event-bus", "socket"})
  void nodesWithCertificatesAreOneRouter(String wire) throws Exception {
    try (TestCluster cluster = TestCluster.start(3, wire, tls("node", authority))) {
      List<ClientSession> sessions = cluster.nodes().stream().map(TestNode::join).toList();
      List<Object> heard = new CopyOnWriteArrayList<>();
      for (int i = 0; i < sessions.size(); i++) {
        ClientSession session = sessions.get(i);
        await(session.register("com.echo" + i, call -> Future.succeededFuture(call.arguments())));
        await(session.subscribe("com.news", event -> heard.add(event.arguments().args().get(0))));
      }
      for (ClientSession caller : sessions) {
        for (int i = 0; i < sessions.size(); i++) {
          assertThat(await(caller.call("com.echo" + i, Arguments.of("hello"))).args())
              .containsExactly("hello");
        }
      }
      sessions.get(0).publish("com.news", Arguments.of("first"));
      Patience.until("the other two hear it", () -> heard.size() == 2);
    }
  }

  @Test
  void nodeWithACertificateOfAnotherAuthorityDoesNotStart() throws Exception {
    try (TestCluster cluster = TestCluster.start(1, tls("node", authority))) {
      String settings = tls("stranger", ClusterAuthority.create());
      assertThatThrownBy(() -> cluster.join(settings))
          .hasStackTraceContaining("cannot join the cluster: cluster.tls is another one here");
      cluster.untilAgreed(1);
    }
  }

  @Test
  void filesThatAreNoCertificatesAreToldAtTheStart() throws Exception {
    String settings = tls("node", authority);
    file("node.crt", "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
    assertThatThrownBy(() -> TestCluster.start(1, settings))
        .hasStackTraceContaining(
            "cannot join the cluster: the files of cluster.tls cannot be used: ");
  }
}
