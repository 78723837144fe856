package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The built-in configuration, and the comments that teach every key with it. */
class DevelopmentConfigurationTest {

  static final String CRA_KEY = "64xfzBvZhGDT7PB0bQwDeI8/WR1M9x6Cw5dt0yP9koc=";

  static final String SCRAM_RECORD =
      "kdf=pbkdf2,iterations=4096,salt=W22ZaJ0SNY7soEsUEjb6gQ=="
          + ",storedKey=WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
          + ",serverKey=wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

  static final String AUTOBAHN_RECORD =
      "kdf=argon2id-13,iterations=1,memory=64,salt=W22ZaJ0SNY7soEsUEjb6gQ=="
          + ",storedKey=Vi37MWUpKKD0ceivRvXkQMUA2Urb7zvIqUtC67Xgu9k="
          + ",serverKey=alSlyTnjHhsjDh+2VDqIgb7pdifIf1eiaCuPh25JsaA=";

  static final String ROUTER_KEY =
      "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510";

  @TempDir Path directory;

  @BeforeEach
  void writeFiles() throws Exception {
    writeExampleFiles(directory);
  }

  @Test
  void embeddedConfigurationServesOneOpenRealmOnLoopback() {
    NodeConfig config = Configurations.embedded();

    ListenerConfig listener = config.listeners().get(0);
    assertThat(config.listeners()).hasSize(1);
    assertThat(listener.endpoint()).isEqualTo(new Endpoint.Tcp("127.0.0.1", 8080));
    assertThat(listener.tryIt()).isTrue();
    assertThat(config.management().endpoint()).isEqualTo(new Endpoint.Tcp("127.0.0.1", 9080));
    RealmConfig realm = config.realms().get(0);
    assertThat(config.realms()).hasSize(1);
    assertThat(realm.name()).isEqualTo("realm1");
    assertThat(realm.auth()).containsExactly(new AuthConfig.Anonymous("anonymous"));
    PermissionConfig permission = realm.roles().get(0).permissions().get(0);
    assertThat(permission.uri()).isEmpty();
    assertThat(permission.allow()).isEqualTo(EnumSet.allOf(PermissionConfig.Right.class));
    assertThat(config.cluster()).isNull();
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void keysInCommentsAreRealAndShowTheirDefaults() throws Exception {
    NodeConfig embedded = Configurations.embedded();
    NodeConfig uncommented = Yaml.config(uncommented(directory), directory);

    assertThat(uncommented.realms().get(0))
        .usingRecursiveComparison()
        .ignoringFields(
            "auth",
            "roles",
            "calls.timeout",
            "calls.maxTimeout",
            "limits.maxSessions",
            "limits.maxPayloadSize",
            "limits.rate",
            "limits.memory",
            "limits.sessionMemory",
            "retention.topics",
            "history")
        .isEqualTo(embedded.realms().get(0));
    assertThat(uncommented.realms().get(0).roles().get(0))
        .usingRecursiveComparison()
        .ignoringFields("permissions.place", "permissions.trustLevel")
        .isEqualTo(embedded.realms().get(0).roles().get(0));
    assertThat(uncommented.realms().get(0).auth())
        .first()
        .isEqualTo(embedded.realms().get(0).auth().get(0));
    assertThat(uncommented.lanes()).isEqualTo(embedded.lanes());
    assertThat(uncommented.drainTimeout()).isEqualTo(embedded.drainTimeout());
    assertThat(uncommented.failedLogins()).isEqualTo(embedded.failedLogins());
    assertThat(uncommented.reload()).isEqualTo(embedded.reload());
    assertThat(uncommented.management().openMetrics()).isFalse();
    assertThat(uncommented.cluster())
        .usingRecursiveComparison()
        .ignoringFields("node", "discovery", "secret", "tls")
        .isEqualTo(ClusterConfig.DEFAULT);
    assertThat(uncommented.listeners().get(0))
        .usingRecursiveComparison()
        .ignoringFields("origins")
        .isEqualTo(embedded.listeners().get(0));
  }

  @Test
  void everyKeyIsShownOrNamed() throws Exception {
    Reading reading = new Reading("development.yaml");
    Yaml.config(reading, uncommented(directory), directory);

    Node root = new Document(reading, uncommented(directory)).root();
    Set<String> shown = keys(root, "", new TreeSet<>());
    shown.removeIf(key -> key.startsWith("realms[].auth.dynamic.settings.")); // a plugin's own
    shown.add("management.metricsToken.env");
    shown.add("management.reloadToken.env");
    shown.add("cluster.service");
    shown.add("cluster.secret.env");
    shown.add("realms[].auth.ticket.principals[].ticket.env");
    shown.add("realms[].auth.wampcra.decoySecret.env");
    shown.add("realms[].auth.wampcra.principals[].secret.env");
    shown.add("realms[].auth.scram.decoySecret.env");
    shown.add("realms[].auth.scram.principals[].record.env");
    shown.add("realms[].auth.autobahnScram.decoySecret.env");
    shown.add("realms[].auth.autobahnScram.principals[].record.env");
    shown.add("realms[].auth.cryptosign.routerKey.env");
    shown.add("realms[].auth.jwt.keys.file");
    assertThat(Configurations.embeddedText())
        .contains("(env: NAME)", "(service: NAME)", "(file: PATH)");
    assertThat(shown).containsExactlyInAnyOrderElementsOf(reading.vocabulary().keySet());
  }

  @Test
  void linesFitOnAScreen() {
    assertThat(Configurations.embeddedText().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
  }

  /** The built-in configuration with every commented key set, its example files here. */
  static String uncommented(Path directory) {
    return Configurations.embeddedText()
        .replaceAll("(?m)^( *)#(?=[^ \\n])", "$1")
        .replace("/etc/tandem/", directory + "/");
  }

  static void writeExampleFiles(Path directory) throws Exception {
    Files.writeString(directory.resolve("tls.crt"), "-----BEGIN CERTIFICATE-----\n");
    Files.writeString(directory.resolve("ca.crt"), "-----BEGIN CERTIFICATE-----\n");
    Files.writeString(directory.resolve("tls.key"), "-----BEGIN PRIVATE KEY-----\n");
    Files.writeString(directory.resolve("metrics-token"), "a-token-of-24-characters\n");
    Files.writeString(directory.resolve("reload-token"), "another-token-of-31-characters\n");
    Files.writeString(directory.resolve("cluster-secret"), "a-secret-of-the-cluster\n");
    Files.writeString(directory.resolve("joe.ticket"), "a-ticket-of-joe-s\n");
    Files.writeString(directory.resolve("joe.secret"), CRA_KEY + "\n");
    Files.writeString(directory.resolve("joe.scram"), SCRAM_RECORD + "\n");
    Files.writeString(directory.resolve("joe.autobahn-scram"), AUTOBAHN_RECORD + "\n");
    Files.writeString(directory.resolve("router.key"), ROUTER_KEY + "\n");
    Files.writeString(directory.resolve("decoy-secret"), "a-secret-for-decoys\n");
    Files.writeString(directory.resolve("db-password"), "a-password-of-a-database\n");
    for (String secret :
        List.of(
            "db-password",
            "tls.key",
            "metrics-token",
            "reload-token",
            "cluster-secret",
            "joe.ticket",
            "joe.secret",
            "joe.scram",
            "joe.autobahn-scram",
            "router.key",
            "decoy-secret")) {
      Files.setPosixFilePermissions(
          directory.resolve(secret), PosixFilePermissions.fromString("rw-------"));
    }
  }

  private static Set<String> keys(Node node, String path, Set<String> found) {
    if (node instanceof MappingNode mapping) {
      mapping
          .getValue()
          .forEach(
              entry -> {
                String key = ((ScalarNode) entry.getKeyNode()).getValue();
                found.add(path + key);
                keys(entry.getValueNode(), path + key + ".", found);
              });
    } else if (node instanceof SequenceNode list) {
      String element = path.substring(0, path.length() - 1) + "[].";
      list.getValue().forEach(item -> keys(item, element, found));
    }
    return found;
  }
}
