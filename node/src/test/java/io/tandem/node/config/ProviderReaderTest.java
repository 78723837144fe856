package io.tandem.node.config;

import static io.tandem.node.config.Yaml.problems;
import static io.tandem.node.config.Yaml.realm;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Realms whose clients a plugin's provider knows. */
class ProviderReaderTest {

  @TempDir Path directory;

  private static String dynamic(String... lines) {
    return realm("auth: {dynamic: {methods: [ticket], " + String.join(", ", lines) + "}}");
  }

  private static String settings(String settings) {
    return dynamic("provider: postgres", "settings: {" + settings + "}");
  }

  private static AuthConfig.Dynamic.Provider provider(NodeConfig config) {
    return (AuthConfig.Dynamic.Provider)
        ((AuthConfig.Dynamic) config.realms().get(0).auth().get(0)).source();
  }

  private NodeConfig config(String yaml) throws Exception {
    Path file = directory.resolve("password");
    Files.writeString(file, " pencil and paper\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return Yaml.config(yaml, directory);
  }

  @Test
  void settingsAreTextsAndReferencesInTheOrderOfTheirNames() throws Exception {
    AuthConfig.Dynamic.Provider read =
        provider(
            config(
                settings(
                    "url: 'jdbc:x', password: {file: password}, fetch: 10, strict: true,"
                        + " user: {env: METRICS_TOKEN}")));
    assertThat(read.settings())
        .containsExactly(
            new AuthConfig.Dynamic.Setting("fetch", "10", null),
            new AuthConfig.Dynamic.Setting(
                "password", null, new Secret("pencil and paper", directory.resolve("password"))),
            new AuthConfig.Dynamic.Setting("strict", "true", null),
            new AuthConfig.Dynamic.Setting("url", "jdbc:x", null),
            new AuthConfig.Dynamic.Setting("user", null, new Secret("token-from-the-environment")));
    assertThat(read.values())
        .isEqualTo(
            Map.of(
                "fetch", "10",
                "password", "pencil and paper",
                "strict", "true",
                "url", "jdbc:x",
                "user", "token-from-the-environment"));
    assertThat(read).asString().doesNotContain("pencil", "from-the-environment");
  }

  @Test
  void secretThatEveryUserMayReadIsWarnedOf() throws Exception {
    assertThat(config(settings("url: x, password: {file: password}")).warnings())
        .anySatisfy(
            warning ->
                assertThat(warning).contains("realms[0].auth.dynamic.settings.password.file"));
  }

  @Test
  void changedSecretIsAnotherConfiguration() throws Exception {
    String yaml = settings("url: x, password: {file: password}");
    NodeConfig before = config(yaml);
    Files.writeString(directory.resolve("password"), "another");
    NodeConfig after = Yaml.config(yaml, directory);
    assertThat(ConfigDigest.alike(before.realms().get(0), after.realms().get(0))).isFalse();
    assertThat(ConfigDigest.of(before)).isEqualTo(ConfigDigest.of(after));
    assertThat(ConfigDigest.of(config(settings("url: y")))).isNotEqualTo(ConfigDigest.of(before));
  }

  /** Their clients need nobody who has come in before. */
  @Test
  void realmMayHaveNoOtherClientsThanThoseOfAProvider() throws Exception {
    assertThat(config(settings("url: x")).realms().get(0).auth()).hasSize(1);
    NodeConfig config =
        config(
            realm(
                    "auth: {dynamic: {methods: [ticket], provider: postgres, settings: {url: x}}}",
                    "roles: [{name: clerk, permissions: [{uri: com.who, allow: [register]}]}]")
                + "  - name: realm2\n"
                + "    auth: {dynamic: {methods: [ticket], procedure: com.who, realm: realm1}}\n");
    assertThat(config.realms()).hasSize(2);
  }

  @Test
  void exactlyOneOfProcedureAndProviderIsNeeded() {
    assertThat(problems(dynamic("timeout: 5s")))
        .containsExactly(
            "node.yaml:5: realms[0].auth.dynamic.procedure: exactly one of procedure and"
                + " provider is needed");
    assertThat(problems(dynamic("procedure: com.who", "provider: postgres", "settings: {url: x}")))
        .anySatisfy(
            problem ->
                assertThat(problem).endsWith("exactly one of procedure and provider is needed"));
    assertThat(problems(dynamic("procedure: com.who", "settings: {url: x}")))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("dynamic.settings: are those of a provider, and none is named"));
    assertThat(problems(dynamic("provider: postgres", "settings: {url: x}", "realm: realm1")))
        .singleElement()
        .asString()
        .contains("dynamic.realm: is where a procedure is called, and none is named");
  }

  @Test
  void unknownProviderNamesThoseThatAreThere() {
    assertThat(problems(dynamic("provider: oracle")))
        .singleElement()
        .asString()
        .contains("dynamic.provider: there is no provider of this name; there are: postgres");
  }

  @Test
  void providerHasTheLastWordOnItsSettings() {
    assertThat(problems(settings("host: x")))
        .singleElement()
        .asString()
        .contains("dynamic.settings: the provider refuses them: url is needed");
    assertThat(problems(dynamic("provider: postgres")))
        .singleElement()
        .asString()
        .contains("dynamic.provider: the provider refuses them: url is needed");
  }

  @Test
  void nothingOfWhatABrokenProviderSaysIsShown() {
    assertThat(problems(settings("url: broken, password: {env: METRICS_TOKEN}")))
        .singleElement()
        .asString()
        .endsWith("the provider fails on them: java.lang.IllegalStateException")
        .doesNotContain("token-from-the-environment");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url: x, dbPassword: pencil | .dbPassword: is a secret, which must not stand here",
        "url: x, TOKEN: pencil | .TOKEN: is a secret, which must not stand here",
        "url: [x] | .url: expected text, {file: PATH} or {env: VARIABLE}, found a list",
        "url: x, y: | .y: expected text, {file: PATH} or {env: VARIABLE}, found nothing",
        "url: x, y: {file: nowhere} | .y: expected text, {file: PATH} or {env: VARIABLE} of which",
        "url: x, y: {env: NOWHERE} | .y: expected text, {file: PATH} or {env: VARIABLE} of which",
        "url: x, y: {file: a, env: b} | .y: expected text, {file: PATH} or {env: VARIABLE} of"
            + " which",
        "url: x, y: {value: a} | .y: expected text, {file: PATH} or {env: VARIABLE} of which",
        "url: x, 'a b': c | : a setting's name is a word of at most 60 characters",
        "url: x, url: y | .url: is already set",
      })
  void mistakeInASettingNamesIt(String settings, String problem) {
    assertThat(problems(settings(settings)))
        .singleElement()
        .asString()
        .startsWith("node.yaml:5:")
        .contains("realms[0].auth.dynamic.settings" + problem)
        .doesNotContain("pencil");
  }

  @Test
  void settingsAreAMappingOfAHundredAtMost() {
    assertThat(problems(dynamic("provider: postgres", "settings: [url]")))
        .singleElement()
        .asString()
        .contains("settings: expected a mapping, found a list");
    StringBuilder many = new StringBuilder("url: x");
    for (int i = 0; i < 100; i++) {
      many.append(", s").append(i).append(": x");
    }
    assertThat(problems(settings(many.toString())))
        .singleElement()
        .asString()
        .contains("settings: has more than 100 settings");
  }
}
