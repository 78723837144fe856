package io.tandem.node;

import static io.tandem.testing.Patience.await;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.PublishOptions;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.FilesRead;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.testing.TestCertificate;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that goes on with other files as soon as they are there, as Kubernetes mounts them. */
class FileWatchIT {

  private static final String WATCHED = "reload: {watch: true, interval: 100ms}\n";

  @TempDir Path mounted;
  @TempDir Path elsewhere;

  private final Vertx clients = Vertx.vertx();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Path audit;
  private Node node;
  private int directories;

  private String yaml(String rights) {
    return TestNode.MANAGEMENT
        + "listeners: [{port: 0, tls: {certificate: tls.crt, key: tls.key}}]\n"
        + "audit: {file: "
        + audit
        + "}\n"
        + TestNode.REALM.replace("call, register, publish, subscribe", rights)
        + "lanes: 2\n"
        + WATCHED;
  }

  /** All files at once, as a volume of Kubernetes renews them. */
  private void mount(String yaml, TestCertificate certificate) throws Exception {
    Path data = Files.createDirectory(mounted.resolve("..data" + ++directories));
    Files.writeString(data.resolve("tandem.yaml"), yaml);
    Files.copy(certificate.certificate(), data.resolve("tls.crt"));
    Files.copy(certificate.key(), data.resolve("tls.key"));
    Path turned = Files.createSymbolicLink(mounted.resolve("..data_tmp"), mounted.relativize(data));
    Files.move(turned, mounted.resolve("..data"), ATOMIC_MOVE, REPLACE_EXISTING);
  }

  private TestCertificate certificate(String name) throws Exception {
    return TestCertificate.in(Files.createDirectory(elsewhere.resolve(name)));
  }

  @BeforeEach
  void link() throws Exception {
    audit = elsewhere.resolve("audit.log");
    for (String name : List.of("tandem.yaml", "tls.crt", "tls.key")) {
      Files.createSymbolicLink(mounted.resolve(name), Path.of("..data", name));
    }
  }

  private void start() throws Exception {
    Path file = mounted.resolve("tandem.yaml");
    PrintStream console = new PrintStream(said, true, StandardCharsets.UTF_8);
    FilesRead files = new FilesRead();
    NodeConfig config = Configurations.load(file, files);
    ConfigFile source =
        new ConfigFile(
            read -> Configurations.load(file, read), files, new Console(console, console));
    node = await(Node.start(config, source));
  }

  @AfterEach
  void stop() {
    await(clients.close());
    await(node.stop());
  }

  private List<String> said(String words) {
    return said.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains(words))
        .toList();
  }

  private void untilItSays(String words) {
    Patience.until("it says " + words, () -> !said(words).isEmpty());
  }

  private ClientSession join(TestCertificate trusted) {
    String url = "wss://127.0.0.1:" + node.ports().get(0) + "/ws";
    return await(
        ClientSession.connect(clients, ClientOptions.to(url, "realm1").withTrust(trusted.trust())));
  }

  private static Future<Long> publish(ClientSession session) {
    return session.publishAcknowledged("com.a", Arguments.of(1), PublishOptions.DEFAULT);
  }

  @Test
  void rightsAndCertificatesOfAMountThatIsRenewedHoldByThemselves() throws Exception {
    TestCertificate old = certificate("old");
    TestCertificate fresh = certificate("fresh");
    mount(yaml("call"), old);
    start();
    ClientSession session = join(old);
    assertThatThrownBy(() -> await(publish(session)))
        .hasStackTraceContaining("wamp.error.not_authorized");

    mount(yaml("publish"), fresh);
    untilItSays("the configuration is read again");
    await(publish(session));
    assertThat(await(publish(join(fresh)))).isPositive();
    assertThat(said("changed: ")).singleElement().asString().contains("tandem.yaml", "tls.crt");
    Patience.until("the account has it", () -> account().contains("\"reload asked\""));
    assertThat(account()).contains("\"reloaded\"", "tls.key", "\"outcome\":\"changed\"");
  }

  @Test
  void badFileChangesNothingAndIsToldOnce() throws Exception {
    TestCertificate certificate = certificate("it");
    mount(yaml("call"), certificate);
    start();
    ClientSession session = join(certificate);

    mount(yaml("fly"), certificate);
    untilItSays("the configuration stays as it was");
    Files.delete(mounted.resolve("tandem.yaml"));
    untilItSays("there is no such file");
    assertThat(said("allow[0]")).hasSize(1);
    assertThat(said("stays as it was")).hasSize(2);
    assertThatThrownBy(() -> await(publish(session)))
        .hasStackTraceContaining("wamp.error.not_authorized");

    Files.writeString(mounted.resolve("tandem.yaml"), yaml("publish"));
    untilItSays("the configuration is read again: realm realm1");
    await(publish(session));
  }

  private String account() {
    try {
      return Files.exists(audit) ? Files.readString(audit) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
