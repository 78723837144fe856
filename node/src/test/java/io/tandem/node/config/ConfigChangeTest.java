package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.config.ConfigChange.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigChangeTest {

  private static final String REALM =
      """
      listeners: [{port: 8080}]
      realms:
        - name: realm1
          auth: {anonymous: {role: user}}
          roles:
            - name: user
              permissions: [{uri: com., match: prefix, allow: [call, publish]}]
      """;

  private static NodeConfig config(String yaml) throws ConfigurationException {
    return Configurations.parse("test.yaml", yaml);
  }

  private static ConfigChange change(String from, String to) throws ConfigurationException {
    return ConfigChange.between(config(REALM), config(REALM.replace(from, to)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[call, publish]|[call]",
        "uri: com.|uri: org.",
        "auth:|limits: {maxPendingCalls: 7}\\n    auth:",
        "auth:|allowDiscloseMe: false\\n    auth:",
        "auth:|limits: {rate: {messages: 5}}\\n    auth:",
        "permissions:|limits: {maxSessions: 5}\\n        permissions:",
        "auth:|limits: {memory: 5MiB}\\n    auth:",
      })
  void rightsAndLimitsOfARealmAreTakenOver(String from, String to) throws Exception {
    ConfigChange change = change(from, to.replace("\\n", "\n"));
    assertThat(change.names(Kind.REALM)).containsExactly("realm1");
    assertThat(change.restart()).isEmpty();
  }

  @Test
  void bansAreTakenOver() throws Exception {
    NodeConfig before = config(REALM);
    NodeConfig after = config("bans: [10.0.0.1]\n" + REALM);
    ConfigChange change = ConfigChange.between(before, after);
    assertThat(change.live()).extracting(Object::toString).containsExactly("bans");
    assertThat(change.restart()).isEmpty();
    assertThat(ConfigChange.applied(before, before, after, after)).isEqualTo(after);
  }

  @Test
  void whenFilesAreLookedAtIsTakenOver() throws Exception {
    NodeConfig before = config(REALM);
    NodeConfig after = config("reload: {watch: true}\n" + REALM);
    ConfigChange change = ConfigChange.between(before, after);
    assertThat(change.live()).extracting(Object::toString).containsExactly("reload");
    assertThat(change.restart()).isEmpty();
    assertThat(ConfigChange.applied(before, before, after, after)).isEqualTo(after);
  }

  @Test
  void pausesAfterFailedLoginsAreTakenOver() throws Exception {
    ConfigChange change = change("listeners", "failedLogins: {perAuthid: 3}\nlisteners");
    assertThat(change.live()).extracting(Object::toString).containsExactly("failedLogins");
    assertThat(change.restart()).isEmpty();
    NodeConfig before = config(REALM);
    NodeConfig after = config("failedLogins: {perAuthid: 3}\n" + REALM);
    assertThat(ConfigChange.applied(before, before, after, after)).isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port: 8080|port: 8080, path: /other|listeners[0]",
        "listeners|lanes: 3\\nlisteners|lanes",
        "listeners|cluster: {}\\nlisteners|cluster",
        "listeners|drainTimeout: 3s\\nlisteners|drainTimeout",
        "listeners|memory: 5MiB\\nlisteners|memory",
      })
  void whatElseDiffersTakesANewStart(String from, String to, String key) throws Exception {
    assertThat(change(from, to.replace("\\n", "\n")).restart()).containsExactly(key);
  }

  @Test
  void aNodesCertificateIsTakenOverButNotWhetherThereIsOne(@TempDir Path directory)
      throws Exception {
    Path certificate = directory.resolve("tls.crt");
    Path key = directory.resolve("tls.key");
    String plain = REALM + "cluster: {node: one}\n";
    String yaml =
        REALM
            + "cluster: {node: one, tls: {certificate: %1$s, key: %2$s, ca: %1$s}}\n"
                .formatted(certificate, key);
    Files.writeString(key, "-----BEGIN PRIVATE KEY-----");
    Files.writeString(certificate, "-----BEGIN CERTIFICATE-----");
    NodeConfig before = config(yaml);
    assertThat(ConfigChange.between(before, config(yaml)).live()).isEmpty();
    Files.writeString(certificate, "-----BEGIN CERTIFICATE----- another");
    NodeConfig after = config(yaml);

    ConfigChange renewed = ConfigChange.between(before, after);
    assertThat(renewed.restart()).isEmpty();
    assertThat(renewed.live()).hasToString("[certificate of node one]");
    assertThat(ConfigChange.applied(before, before, after, after).cluster())
        .isEqualTo(after.cluster());
    assertThat(ConfigChange.between(config(plain), after).restart()).containsExactly("cluster");
    assertThat(ConfigChange.between(after, config(plain)).restart()).containsExactly("cluster");
    assertThat(ConfigChange.between(after, config(yaml.replace("one", "two"))).restart())
        .containsExactly("cluster");
  }

  /** The digest, which everybody may read, does not tell of it. */
  @Test
  void anotherSecretIsAChange(@TempDir Path directory) throws Exception {
    Path ticket = directory.resolve("joe.ticket");
    String yaml =
        REALM.replace(
            "anonymous: {role: user}",
            "ticket: {principals: [{authid: joe, role: user, ticket: {file: " + ticket + "}}]}");
    Files.writeString(ticket, "the old ticket");
    NodeConfig before = config(yaml);
    Files.writeString(ticket, "the new ticket");
    NodeConfig after = config(yaml);
    assertThat(ConfigChange.between(before, after).names(Kind.REALM)).containsExactly("realm1");
    assertThat(ConfigDigest.of(after)).isEqualTo(ConfigDigest.of(before));
  }

  @Test
  void whatIsWrittenOtherwiseAndMeansTheSameIsNoChange() throws Exception {
    ConfigChange change =
        ConfigChange.between(
            config(REALM),
            config("# a comment\n" + REALM.replace("call, publish", "publish, call")));
    assertThat(change.names(Kind.REALM)).isEmpty();
    assertThat(change.restart()).isEmpty();
    assertThat(ConfigDigest.of(config("# moved\n" + REALM)))
        .isEqualTo(ConfigDigest.of(config(REALM)))
        .matches("[0-9a-f]{16}");
  }

  @Test
  void orderOfRealmsRolesAndRulesMeansNothing() throws Exception {
    String realm =
        """
          - name: %s
            auth: {anonymous: {role: %s}}
            roles:
              - {name: %s, permissions: [{uri: "com.%s", allow: [call]}, {uri: "com.%s", allow: [call]}]}
              - {name: %s, permissions: []}
        """;
    String one = realm.formatted("one", "a", "a", "x", "y", "b");
    String other = realm.formatted("other", "a", "a", "x", "y", "b");
    String listener = "listeners: [{port: 0}]\nmanagement: {port: 0}\n";
    NodeConfig config = config(listener + "realms:\n" + one + other);
    String swappedRules = realm.formatted("one", "a", "a", "y", "x", "b");
    NodeConfig moved = config(listener + "realms:\n" + other + swappedRules);

    assertThat(ConfigDigest.of(moved)).isEqualTo(ConfigDigest.of(config));
    assertThat(ConfigChange.between(config, moved))
        .isEqualTo(new ConfigChange(List.of(), List.of()));
    String another = realm.formatted("one", "b", "a", "x", "y", "b");
    assertThat(ConfigDigest.of(config(listener + "realms:\n" + another + other)))
        .isNotEqualTo(ConfigDigest.of(config));
  }
}
