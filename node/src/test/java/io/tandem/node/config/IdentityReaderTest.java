package io.tandem.node.config;

import static io.tandem.node.config.Yaml.listener;
import static io.tandem.node.config.Yaml.problems;
import static io.tandem.node.config.Yaml.realm;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates and tokens as a configuration has them, and what it must not say of them. */
class IdentityReaderTest {

  private static final String PRINT =
      "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d";

  /** The key of RFC 8037, A.2. */
  private static final String JWKS =
      "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"a\","
          + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";

  @TempDir Path directory;

  @Test
  void everyKeyReachesItsComponent() throws Exception {
    Files.writeString(directory.resolve("keys.json"), JWKS);
    String methods =
        """
        auth:
          tls:
            principals:
              - authid: joe
                role: user
                fingerprints: ["%s"]
                subjects: ["CN=joe"]
                names: ["DNS:joe.example.com"]
          jwt:
            methods: [jwt]
            allowPlainText: true
            issuer: https://id.example.com
            audience: [tandem, club]
            algorithms: [EdDSA, RS256]
            leeway: 1s
            keys: {file: keys.json}
            authidClaim: name
            roleClaim: groups
            roles: [{value: staff, role: boss}, {value: all, role: user}]
            defaultRole: user
            realmClaim: tenant
          dynamic:
            methods: [ticket, wampcra, scram, cryptosign]
            procedure: com.judge
        roles:
          - {name: user}
          - {name: boss, permissions: [{uri: com.judge, allow: [register]}]}
        """
            .formatted(colons(PRINT));
    NodeConfig config = Yaml.config(realm(methods.split("\n")), directory);
    assertThat(config.realms().get(0).auth())
        .startsWith(
            new AuthConfig.Tls(
                List.of(
                    new AuthConfig.Tls.Holder(
                        "joe",
                        "user",
                        Set.of(PRINT),
                        Set.of("CN=joe"),
                        Set.of("DNS:joe.example.com")))),
            new AuthConfig.Jwt(
                Set.of(AuthConfig.Jwt.Name.JWT),
                true,
                "https://id.example.com",
                Set.of("tandem", "club"),
                Set.of("EdDSA", "RS256"),
                Duration.ofSeconds(1),
                new AuthConfig.Jwt.Keys(
                    null, new AuthConfig.Jwt.KeyFile(directory.resolve("keys.json"), JWKS)),
                new ClaimsConfig(
                    "name",
                    "groups",
                    List.of(
                        new ClaimsConfig.RoleOf(0, "staff", "boss"),
                        new ClaimsConfig.RoleOf(1, "all", "user")),
                    "user",
                    "tenant")))
        .hasSize(6);
  }

  private static String colons(String print) {
    return print.replaceAll("..(?!$)", "$0:");
  }

  /** The order of roles means something, and so do keys: a node has to take both over. */
  @Test
  void whatIsReloadedIsToldFromWhatWasThere() throws Exception {
    Files.writeString(directory.resolve("keys.json"), JWKS);
    String one = jwt("keys: {file: keys.json}", "roles: [" + VISITOR + ", " + GUEST + "]");
    String other = jwt("keys: {file: keys.json}", "roles: [" + GUEST + ", " + VISITOR + "]");
    RealmConfig before = Yaml.config(one, directory).realms().get(0);
    RealmConfig again = Yaml.config(one, directory).realms().get(0);
    RealmConfig turned = Yaml.config(other, directory).realms().get(0);
    Files.writeString(directory.resolve("keys.json"), JWKS.replace("\"a\"", "\"b\""));
    RealmConfig rotated = Yaml.config(one, directory).realms().get(0);
    assertThat(ConfigDigest.alike(before, again)).isTrue();
    assertThat(ConfigDigest.alike(before, turned)).isFalse();
    assertThat(ConfigDigest.alike(before, rotated)).isFalse();
  }

  private static final String VISITOR = "{value: a, role: visitor}";
  private static final String GUEST = "{value: b, role: guest}";
  private static final String URL = "keys: {url: \"https://id.example.com/jwks\"}";
  private static final String TO_GUEST = "defaultRole: guest";

  @ParameterizedTest
  @MethodSource
  void problemNamesPlaceKeyAndExpectation(String yaml, String expected) {
    assertThat(problems(yaml)).containsExactly("node.yaml:" + expected);
  }

  static Stream<Arguments> problemNamesPlaceKeyAndExpectation() {
    return Stream.of(
        Arguments.of(
            tls("authid: joe, role: guest"),
            "5: realms[0].auth.tls.principals[0].authid: has no certificate: one of fingerprints,"
                + " subjects and names is needed"),
        Arguments.of(
            tls("authid: joe, role: guest, fingerprints: [abc]"),
            "5: realms[0].auth.tls.principals[0].fingerprints[0]: expected text: the SHA-256 of a"
                + " certificate, 64 hexadecimal digits, with colons or without, found 'abc'"),
        Arguments.of(
            tls("authid: joe, role: guest, subjects: [joe]"),
            "5: realms[0].auth.tls.principals[0].subjects[0]: expected text: a subject such as"
                + " CN=pump 7,O=Example, found 'joe'"),
        Arguments.of(
            tls("authid: joe, role: guest, names: [joe.example.com]"),
            "5: realms[0].auth.tls.principals[0].names[0]: expected text: an alternative name that"
                + " begins with DNS:, URI:, email: or IP:, found 'joe.example.com'"),
        Arguments.of(
            jwt("keys: {}", TO_GUEST),
            "11: realms[0].auth.jwt.keys.url: exactly one of url and file is needed"),
        Arguments.of(jwt(TO_GUEST), "7: realms[0].auth.jwt.keys: is required: a mapping"),
        Arguments.of(
            jwt("keys: {url: \"http://id.example.com/jwks\"}", TO_GUEST),
            "11: realms[0].auth.jwt.keys.url: expected text: a URL of https, or of http on this"
                + " machine, found 'http://id.example.com/jwks'"),
        Arguments.of(
            jwt("keys: {file: nowhere.json}", TO_GUEST),
            "11: realms[0].auth.jwt.keys.file: expected text: the path of a readable file with"
                + " public keys: a JWKS, or PEM, found 'nowhere.json'"),
        Arguments.of(
            jwt(URL),
            "7: realms[0].auth.jwt.defaultRole: nobody would get a role: one of defaultRole and"
                + " roles is needed"),
        Arguments.of(
            jwt(URL, "defaultRole: boss"),
            "12: realms[0].auth.jwt.defaultRole: the realm has no role of this name"),
        Arguments.of(
            jwt(URL, "roles: [{value: a, role: boss}]"),
            "12: realms[0].auth.jwt.roles[0].role: the realm has no role of this name"),
        Arguments.of(
            jwt(URL, "roles: [" + VISITOR + ", " + VISITOR + "]"),
            "12: realms[0].auth.jwt.roles[1].value: is listed twice"),
        Arguments.of(
            jwt(URL, "roles: [" + VISITOR + "]").replace("roleClaim", "realmClaim"),
            "12: realms[0].auth.jwt.roles: needs roleClaim: the claim that has these values"),
        Arguments.of(
            jwt(URL, TO_GUEST).replace("RS256", "HS256"),
            "9: realms[0].auth.jwt.algorithms[0]: expected text: RS256 or RS384 or RS512 or PS256"
                + " or PS384 or PS512 or ES256 or ES384 or ES512 or EdDSA or Ed25519, found"
                + " 'HS256'"),
        Arguments.of(
            jwt(URL, TO_GUEST)
                .replace(
                    "auth:\n",
                    "auth:\n      ticket: {principals: [{authid: joe, role: guest,"
                        + " ticket: {env: METRICS_TOKEN}}]}\n"),
            "8: realms[0].auth.jwt: takes tickets, as another method does: methods: [jwt] leaves"
                + " them to that"));
  }

  @Test
  void certificatesAreAskedForInTheNameOfAuthorities() throws Exception {
    DevelopmentConfigurationTest.writeExampleFiles(directory);
    String files = "certificate: %1$s/tls.crt, key: %1$s/tls.key".formatted(directory);
    assertThat(problems(listener("tls: {" + files + ", clientCertificate: optional}")))
        .containsExactly(
            "node.yaml:3: listeners[0].tls.clientCertificate: needs clientCa: the authorities that"
                + " sign such certificates");
  }

  private static String tls(String principal) {
    return realm("auth: {tls: {principals: [{" + principal + "}]}}", "roles: [{name: guest}]");
  }

  private static String jwt(String... lines) {
    String all =
        """
        auth:
          jwt:
            issuer: https://id.example.com
            audience: [tandem]
            algorithms: [RS256]
            roleClaim: groups
            %s
        roles: [{name: guest}, {name: visitor}]
        """
            .formatted(String.join("\n    ", lines));
    return realm(all.split("\n"));
  }
}
