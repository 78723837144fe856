package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationsTest {

  @TempDir Path directory;

  @Test
  void writtenOutEmbeddedConfigurationLoadsAsItself() throws Exception {
    Path file = write(Configurations.embeddedText().getBytes(StandardCharsets.UTF_8));
    assertThat(Configurations.load(file))
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*\\.place") // of a permission: each in its own file
        .isEqualTo(Configurations.embedded());
  }

  @Test
  void relativePathsStartAtTheFile() throws Exception {
    Path file = write("listeners: [{unix: t.sock}]\nrealms: [{name: realm1}]\n");
    assertThat(Configurations.load(file).listeners().get(0).endpoint())
        .isEqualTo(new Endpoint.Unix(directory.resolve("t.sock")));
  }

  @Test
  void whoServesWhatTheRouterAsksMayBeAnonymousWhereNoStrangerComes() throws Exception {
    String open =
        """
        listeners: [{port: 1}, {address: 0.0.0.0, port: 2}]
        realms: [{name: realm1, auth: {anonymous: {role: clerk},
         dynamic: {methods: [ticket], procedure: com.who}}, roles: [{name: clerk,
         permissions: [{uri: com., match: prefix, allow: [register]}]}]}]
        """;
    String apart = open.replace("port: 2", "port: 2, admits: {methods: [ticket]}");
    assertThatThrownBy(() -> Configurations.load(write(open)))
        .isInstanceOf(ConfigurationException.class);
    assertThat(Configurations.load(write(apart)).listeners()).hasSize(2);
  }

  @Test
  void byteOrderMarkIsNoPartOfTheText() throws Exception {
    Path file = write("\uFEFFlisteners: [{port: 1}]\nrealms: [{name: realm1}]\n");
    assertThat(Configurations.load(file).listeners()).hasSize(1);
  }

  @Test
  void problemsNameTheFileAsItWasGiven() throws Exception {
    Path file = write("lanes: 0\n");
    assertThatThrownBy(() -> Configurations.load(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(file + ":1: listeners: is required");
  }

  @Test
  void missingFileIsAProblem() {
    Path file = directory.resolve("missing.yaml");
    assertThatThrownBy(() -> Configurations.load(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(file + ":1: there is no such file");
  }

  @Test
  void directoryIsAProblem() {
    assertThatThrownBy(() -> Configurations.load(directory))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(directory + ":1: cannot be read: ");
  }

  @Test
  void pipeIsAProblemAndNotWaitedFor() throws Exception {
    Path pipe = directory.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> Configurations.load(pipe))
                .hasMessage(pipe + ":1: cannot be read: it is no regular file"));
    for (String key : List.of("certificate", "key", "clientCa")) {
      Path file = write("listeners: [{tls: {" + key + ": pipe}}]\n");
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () ->
              assertThatThrownBy(() -> Configurations.load(file))
                  .hasMessageContaining("tls." + key + ": expected text: the path of a readable"));
    }
  }

  @Test
  void secretThatEverybodyMayReadIsWarnedOf() throws Exception {
    Files.writeString(directory.resolve("tls.crt"), "-----BEGIN CERTIFICATE-----\n");
    Path key = directory.resolve("tls.key");
    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n");
    Path token = directory.resolve("token");
    Files.writeString(token, "a-token-of-24-characters");
    Path reloadToken = directory.resolve("reload-token");
    Files.writeString(reloadToken, "another-token-of-31-characters");
    Path file =
        write(
            """
            listeners: [{tls: {certificate: tls.crt, key: tls.key}}]
            management: {metricsToken: {file: token}, reloadToken: {file: reload-token}}
            realms: [{name: realm1}]
            """);
    for (Path secret : List.of(key, token, reloadToken)) {
      // The group is how an orchestrator hands a secret to a process without rights.
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--r-----"));
    }
    assertThat(Configurations.load(file).warnings()).isEmpty();
    for (Path secret : List.of(key, token, reloadToken)) {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    }
    assertThat(Configurations.load(file).warnings())
        .containsExactly(
            "listeners[0].tls.key: everybody on this machine may read " + key + ": chmod o-r",
            "management.metricsToken.file: everybody on this machine may read "
                + token
                + ": chmod o-r",
            "management.reloadToken.file: everybody on this machine may read "
                + reloadToken
                + ": chmod o-r");
  }

  @Test
  void textThatIsNotUtf8NamesItsLine() throws Exception {
    Path file = write("a: b\nc: \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Configurations.load(file)).hasMessage(file + ":2: is not UTF-8 here");
  }

  @Test
  void truncatedUtf8IsNoticedAtTheVeryEnd() throws Exception {
    Path file = write(new byte[] {'a', ':', '\n', (byte) 0xC3});
    assertThatThrownBy(() -> Configurations.load(file)).hasMessage(file + ":2: is not UTF-8 here");
  }

  @Test
  void fileOverOneMebibyteIsRefused() throws Exception {
    Path file = write("#".repeat(Configurations.MAX_FILE_SIZE + 1));
    assertThatThrownBy(() -> Configurations.load(file))
        .hasMessage(file + ":1: is larger than 1 MiB");
  }

  @Test
  void encryptedKeyIsRefused() throws Exception {
    Files.writeString(directory.resolve("tls.crt"), "-----BEGIN CERTIFICATE-----\n");
    Files.writeString(directory.resolve("tls.key"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    Path file =
        write(
            """
            listeners: [{tls: {certificate: tls.crt, key: tls.key}}]
            realms: [{name: realm1}]
            """);
    assertThatThrownBy(() -> Configurations.load(file))
        .hasMessageContaining("with a PRIVATE KEY, not encrypted, found 'tls.key'");
  }

  private Path write(String text) throws Exception {
    return write(text.getBytes(StandardCharsets.UTF_8));
  }

  private Path write(byte[] bytes) throws Exception {
    return Files.write(directory.resolve("node.yaml"), bytes);
  }
}
