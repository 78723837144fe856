package io.tandem.node.config;

import static io.tandem.node.config.DevelopmentConfigurationTest.AUTOBAHN_RECORD;
import static io.tandem.node.config.DevelopmentConfigurationTest.CRA_KEY;
import static io.tandem.node.config.DevelopmentConfigurationTest.ROUTER_KEY;
import static io.tandem.node.config.DevelopmentConfigurationTest.SCRAM_RECORD;
import static io.tandem.node.config.Yaml.problems;
import static io.tandem.node.config.Yaml.realm;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.config.AuthConfig.Scram.Dialect;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods of authentication as a configuration has them, and what it must not say of them. */
class AuthReaderTest {

  @TempDir Path directory;

  @Test
  void everyKeyReachesItsComponent() throws Exception {
    DevelopmentConfigurationTest.writeExampleFiles(directory);
    String methods =
        """
        auth:
          wampcra:
            decoySecret: {file: decoy-secret}
            principals:
              - authid: joe
                role: user
                secret: {file: joe.secret}
                salted: {salt: salt of joe, iterations: 2000, keyLength: 32}
              - {authid: ann, role: user, secret: {file: joe.ticket}}
          scram:
            decoySecret: {file: decoy-secret}
            principals: [{authid: joe, role: user, record: {file: joe.scram}}]
          autobahnScram:
            principals: [{authid: joe, role: user, record: {file: joe.autobahn-scram}}]
          cryptosign:
            routerKey: {file: router.key}
            principals:
              - authid: joe
                role: user
                keys: [1ADFC8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d]
        roles: [{name: user}]
        """;
    Secret decoys = secret("a-secret-for-decoys", "decoy-secret");
    NodeConfig config = Yaml.config(realm(methods.split("\n")), directory);
    assertThat(config.realms().get(0).auth())
        .containsExactly(
            new AuthConfig.WampCra(
                decoys,
                List.of(
                    new AuthConfig.WampCra.Holder(
                        "joe",
                        "user",
                        secret(CRA_KEY, "joe.secret"),
                        new AuthConfig.WampCra.Salted("salt of joe", 2000, 32)),
                    new AuthConfig.WampCra.Holder(
                        "ann", "user", secret("a-ticket-of-joe-s", "joe.ticket"), null))),
            new AuthConfig.Scram(
                Dialect.WAMP,
                decoys,
                List.of(
                    new AuthConfig.Scram.Holder("joe", "user", secret(SCRAM_RECORD, "joe.scram")))),
            new AuthConfig.Scram(
                Dialect.AUTOBAHN,
                null,
                List.of(
                    new AuthConfig.Scram.Holder(
                        "joe", "user", secret(AUTOBAHN_RECORD, "joe.autobahn-scram")))),
            new AuthConfig.Cryptosign(
                secret(ROUTER_KEY, "router.key"),
                List.of(
                    new AuthConfig.Cryptosign.Holder(
                        "joe",
                        "user",
                        List.of(
                            "1adfc8bfe1d35616e64dffbd900096f2"
                                + "3b066f914c8c2ffbb66f6075b96e116d")))));
    assertThat(config.toString())
        .doesNotContain(CRA_KEY, SCRAM_RECORD, "a-secret-for-decoys", "a-ticket-of-joe-s");
    assertThat(config.realms().get(0).secretFiles("realms[0]"))
        .containsOnlyKeys(
            "realms[0].auth.wampcra.decoySecret.file",
            "realms[0].auth.wampcra.principals[0].secret.file",
            "realms[0].auth.wampcra.principals[1].secret.file",
            "realms[0].auth.scram.decoySecret.file",
            "realms[0].auth.scram.principals[0].record.file",
            "realms[0].auth.autobahnScram.principals[0].record.file",
            "realms[0].auth.cryptosign.routerKey.file");
  }

  private Secret secret(String value, String file) {
    return new Secret(value, directory.resolve(file));
  }

  @ParameterizedTest
  @MethodSource
  void problemNamesPlaceKeyAndExpectation(String yaml, String expected) {
    assertThat(problems(yaml)).containsExactly("node.yaml:" + expected);
  }

  static Stream<Arguments> problemNamesPlaceKeyAndExpectation() {
    return Stream.of(
        problem(
            ticket("authid: joe, role: guest"),
            "5: realms[0].auth.ticket.principals[0].ticket: is required: a mapping"),
        problem(
            ticket("authid: joe, role: boss, ticket: {env: METRICS_TOKEN}"),
            "5: realms[0].auth.ticket.principals[0].role: the realm has no role of this name"),
        problem(
            ticket("authid: joe, role: guest, ticket: {env: SHORT}"),
            "5: realms[0].auth.ticket.principals[0].ticket.env: expected text: the name of an"
                + " environment variable with at least 8 characters, found 'SHORT'"),
        problem(
            ticket("authid: joe, role: guest, ticket: my-secret-in-the-file"),
            "5: realms[0].auth.ticket.principals[0].ticket: expected a mapping, found text"),
        problem(
            ticket("role: guest, ticket: {env: METRICS_TOKEN}"),
            "5: realms[0].auth.ticket.principals[0].authid: is required: text: an authid of at"
                + " most 256 characters"),
        problem(
            ticket(
                "authid: joe, role: guest, ticket: {env: METRICS_TOKEN}",
                "authid: joe, role: guest, ticket: {env: METRICS_TOKEN}"),
            "5: realms[0].auth.ticket.principals[1].authid: another principal has this authid"),
        problem(
            ticket(),
            "5: realms[0].auth.ticket.principals: expected a list, not empty,"
                + " found an empty list"),
        problem(
            method("wampcra", "authid: joe, role: guest, secret: {env: SHORT}"),
            "5: realms[0].auth.wampcra.principals[0].secret.env: expected text: the name of an"
                + " environment variable with at least 8 characters, found 'SHORT'"),
        problem(
            method(
                "wampcra",
                "authid: joe, role: guest, secret: {env: METRICS_TOKEN}, salted: {salt: 12345678}"),
            "5: realms[0].auth.wampcra.principals[0].salted.salt: expected text: 1 to 100"
                + " characters, found '12345678', which is a number: put it in quotes"),
        problem(
            method(
                "wampcra",
                "authid: joe, role: guest, secret: {env: METRICS_TOKEN}, salted: {salt: a salt 8}"),
            "5: realms[0].auth.wampcra.principals[0].secret: is not the key that a salted secret"
                + " needs: ./tandem keygen wampcra makes one"),
        problem(
            realm(
                "auth: {wampcra: {decoySecret: {env: SHORT}, principals: [{authid: joe, role:"
                    + " guest, secret: {env: METRICS_TOKEN}}]}}",
                "roles: [{name: guest}]"),
            "5: realms[0].auth.wampcra.decoySecret.env: expected text: the name of an"
                + " environment variable with at least 16 characters, found 'SHORT'"),
        problem(
            method("scram", "authid: joe, role: guest, record: {env: METRICS_TOKEN}"),
            "5: realms[0].auth.scram.principals[0].record: is no record of a password:"
                + " ./tandem keygen scram makes one"),
        problem(
            method("scram", "authid: \"jo\\x07e\", role: guest, record: {env: SCRAM_RECORD}"),
            "5: realms[0].auth.scram.principals[0].authid: holds characters that SASLprep (RFC"
                + " 4013) prohibits"),
        problem(
            method(
                "scram",
                "authid: IX, role: guest, record: {env: SCRAM_RECORD}",
                "authid: \u2168, role: guest, record: {env: SCRAM_RECORD}"),
            "5: realms[0].auth.scram.principals[1].authid: another principal has this authid, by"
                + " SASLprep (RFC 4013)"),
        problem(
            method("autobahnScram", "authid: joe, role: guest, record: {env: SCRAM_RECORD}"),
            "5: realms[0].auth.autobahnScram.principals[0].record: is no record of a password:"
                + " ./tandem keygen scram --dialect autobahn makes one"),
        problem(
            method("scram", "authid: joe, role: guest, record: {env: AUTOBAHN_RECORD}"),
            "5: realms[0].auth.scram.principals[0].record: is no record of a password:"
                + " ./tandem keygen scram makes one"),
        problem(
            realm(
                "auth: {cryptosign: {routerKey: {env: AUTOBAHN_RECORD}, principals: [{authid: joe,"
                    + " role: guest, keys: [1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f60"
                    + "75b96e116d]}]}}",
                "roles: [{name: guest}]"),
            "5: realms[0].auth.cryptosign.routerKey: is no private key of Ed25519 in hexadecimal"
                + " digits: ./tandem keygen cryptosign makes one"),
        problem(
            method("cryptosign", "authid: joe, role: guest, keys: []"),
            "5: realms[0].auth.cryptosign.principals[0].keys: expected a list, not empty, of text:"
                + " a public key of Ed25519, 64 hexadecimal digits, found an empty list"),
        problem(
            method("cryptosign", "authid: joe, role: guest, keys: [joe-s key]"),
            "5: realms[0].auth.cryptosign.principals[0].keys[0]: expected text: a public key of"
                + " Ed25519, 64 hexadecimal digits, found 'joe-s key'"));
  }

  /** A realm with these principals. */
  private static String ticket(String... principals) {
    return method("ticket", principals);
  }

  private static String method(String name, String... principals) {
    String list = Stream.of(principals).map(one -> "{" + one + "}").collect(joining(", "));
    return realm("auth: {" + name + ": {principals: [" + list + "]}}", "roles: [{name: guest}]");
  }

  private static Arguments problem(String yaml, String expected) {
    return Arguments.of(yaml, expected);
  }
}
