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
import io.tandem.node.trust.Address;
import io.tandem.node.trust.TrustRoot;
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
            trustRoots:
              - address: "0x8b37c0EaF66f15D1022AAc675DAd861C18605826"
                role: user
                chainId: 9007199254740992
                verifyingContract: "0x34a20b3817556c57fa3392c0547a5f89242b8ad7"
                realm: "0x3fF849540f0D3E2784aC8b1543A09F557D4930e5"
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
                                + "3b066f914c8c2ffbb66f6075b96e116d"))),
                List.of(
                    new TrustRootConfig(
                        new TrustRoot(
                            new Address("8b37c0eaf66f15d1022aac675dad861c18605826"),
                            9_007_199_254_740_992L,
                            new Address("34a20b3817556c57fa3392c0547a5f89242b8ad7"),
                            new Address("3ff849540f0d3e2784ac8b1543a09f557d4930e5")),
                        "user"))));
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
                + " Ed25519, 64 hexadecimal digits, found 'joe-s key'"),
        problem(
            realm("auth: {cryptosign: {}}", "roles: [{name: guest}]"),
            "5: realms[0].auth.cryptosign.principals: nobody could log in: one of principals and"
                + " trustRoots is needed"),
        problem(
            realm("auth: {cryptosign: {trustRoots: []}}", "roles: [{name: guest}]"),
            "5: realms[0].auth.cryptosign.trustRoots: expected a list, not empty, found an empty"
                + " list"),
        problem(
            trustRoots(TRUST_ROOT.replace("c18605826", "c1860582")),
            "5: realms[0].auth.cryptosign.trustRoots[0].address: expected text: an address of"
                + " Ethereum, 0x and 40 hexadecimal digits, found"
                + " '0x8b37c0eaf66f15d1022aac675dad861c1860582'"),
        problem(
            trustRoots(TRUST_ROOT.replace("\"0x8b3", "0x8b3").replace("5826\"", "5826")),
            "5: realms[0].auth.cryptosign.trustRoots[0].address: expected text: an address of"
                + " Ethereum, 0x and 40 hexadecimal digits, found"
                + " '0x8b37c0eaf66f15d1022aac675dad861c18605826', which is a number: put it in"
                + " quotes"),
        problem(
            trustRoots(TRUST_ROOT, TRUST_ROOT.replace("8b37c0eaf", "8b37c0EaF")),
            "5: realms[0].auth.cryptosign.trustRoots[1].address: another trust root has this"
                + " address"),
        problem(
            trustRoots(TRUST_ROOT.replace("guest", "boss")),
            "5: realms[0].auth.cryptosign.trustRoots[0].role: the realm has no role of this name"),
        problem(
            trustRoots(TRUST_ROOT.replace("chainId: 1", "chainId: 0")),
            "5: realms[0].auth.cryptosign.trustRoots[0].chainId: expected a whole number from 1 to"
                + " 9007199254740992, found '0'"),
        problem(
            trustRoots(TRUST_ROOT.replace("chainId: 1, ", "")),
            "5: realms[0].auth.cryptosign.trustRoots[0].chainId: is required: a whole number from"
                + " 1 to 9007199254740992"),
        problem(
            trustRoots(TRUST_ROOT.replaceFirst("verifyingContract: \\S+ ", "")),
            "5: realms[0].auth.cryptosign.trustRoots[0].verifyingContract: is required: text: an"
                + " address of Ethereum, 0x and 40 hexadecimal digits"),
        problem(
            trustRoots(TRUST_ROOT.replaceFirst("realm: \\S+", "realm: realm1")),
            "5: realms[0].auth.cryptosign.trustRoots[0].realm: expected text: an address of"
                + " Ethereum, 0x and 40 hexadecimal digits, found 'realm1'"));
  }

  private static final String TRUST_ROOT =
      "address: \"0x8b37c0eaf66f15d1022aac675dad861c18605826\", role: guest, chainId: 1,"
          + " verifyingContract: \"0x34a20b3817556c57fa3392c0547a5f89242b8ad7\","
          + " realm: \"0x3ff849540f0d3e2784ac8b1543a09f557d4930e5\"";

  private static String trustRoots(String... roots) {
    String list = Stream.of(roots).map(one -> "{" + one + "}").collect(joining(", "));
    return realm("auth: {cryptosign: {trustRoots: [" + list + "]}}", "roles: [{name: guest}]");
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
