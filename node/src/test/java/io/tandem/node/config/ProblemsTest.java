package io.tandem.node.config;

import static io.tandem.node.config.Yaml.LISTENERS;
import static io.tandem.node.config.Yaml.REALMS;
import static io.tandem.node.config.Yaml.listener;
import static io.tandem.node.config.Yaml.problems;
import static io.tandem.node.config.Yaml.realm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of problem: its line, its key, its words. */
class ProblemsTest {

  @ParameterizedTest
  @MethodSource
  void onlyProblem(String yaml, String expected) {
    assertThat(problems(yaml)).containsExactly("node.yaml:" + expected);
  }

  static Stream<Arguments> onlyProblem() {
    return Stream.of(
        problem(
            realm("uriRlue: strict"), "5: realms[0].uriRlue: unknown key; did you mean uriRule?"),
        problem(
            listener("maxMessageSize: 1MiB"),
            "3: listeners[0].maxMessageSize: unknown key; did you mean limits.maxMessageSize?"),
        problem(
            LISTENERS + REALMS + "frobnicate: 1\n",
            "5: frobnicate: unknown key; known are listeners, management, cluster, realms,"
                + " lanes, drainTimeout, memory, bans, failedLogins, audit, reload, tracing"),
        problem(
            LISTENERS + REALMS + "limits.maxMessageSize: 1MiB\n",
            "5: limits.maxMessageSize: unknown key;"
                + " did you mean listeners[].limits.maxMessageSize?"),
        problem(LISTENERS + REALMS + "? [a, b]\n: 1\n", "5: a key must be a single word"),
        problem(listener("port: 1", "port: 2"), "4: listeners[0].port: is already set in line 3"),
        problem(
            listener("port: 65536"),
            "3: listeners[0].port: expected a whole number from 0 to 65535, found '65536'"),
        problem(
            listener("port: '8080'"),
            "3: listeners[0].port: expected a whole number from 0 to 65535, found '8080'"),
        problem(
            listener("port: [1]"),
            "3: listeners[0].port: expected a whole number from 0 to 65535, found a list"),
        problem(
            listener("port:"),
            "3: listeners[0].port: expected a whole number from 0 to 65535, found nothing:"
                + " a key without a value does not mean its default"),
        problem(
            listener("port: !secret 1"),
            "3: listeners[0].port: expected a whole number from 0 to 65535,"
                + " found a value tagged '!secret'"),
        problem(
            listener("tryIt: yes"), "3: listeners[0].tryIt: expected true or false, found 'yes'"),
        problem(
            listener("compression: 6"),
            "3: listeners[0].compression: expected true or false, found '6'"),
        problem(
            listener("longPoll:", "  path: lp"),
            "4: listeners[0].longPoll.path: expected text: a path such as /lp, found 'lp'"),
        problem(
            listener("longPoll:", "  path: /"),
            "4: listeners[0].longPoll.path: must not end with a slash: more follows it"),
        problem(
            listener("longPoll:", "  wait: 20s", "  idle: 20s"),
            "5: listeners[0].longPoll.idle: must be longer than wait, which a request takes"),
        problem(
            listener("timeouts:", "  hello: 5"),
            "4: listeners[0].timeouts.hello: expected a duration from 100ms to 1m, found '5'"),
        problem(
            listener("timeouts:", "  hello: 5 seconds"),
            "4: listeners[0].timeouts.hello: expected a duration from 100ms to 1m,"
                + " found '5 seconds'"),
        problem(
            listener("timeouts:", "  hello: 61s"),
            "4: listeners[0].timeouts.hello: expected a duration from 100ms to 1m, found '61s'"),
        problem(
            listener("timeouts:", "  hello: 1MiB"),
            "4: listeners[0].timeouts.hello: expected a duration from 100ms to 1m, found '1MiB'"),
        problem(
            listener("timeouts: 5s"), "3: listeners[0].timeouts: expected a mapping, found text"),
        problem(
            listener("timeouts:"),
            "3: listeners[0].timeouts: expected a mapping, found nothing:"
                + " a key without a value does not mean its default"),
        problem(
            listener("limits:", "  maxMessageSize: 1M"),
            "4: listeners[0].limits.maxMessageSize: expected a size from 512B to 16MiB,"
                + " found '1M'"),
        problem(
            listener("limits:", "  maxMessageSize: 17MiB"),
            "4: listeners[0].limits.maxMessageSize: expected a size from 512B to 16MiB,"
                + " found '17MiB'"),
        problem(
            listener("limits:", "  maxMessageSize: 64KiB", "  maxFrameSize: 65KiB"),
            "5: listeners[0].limits.maxFrameSize: must not be more than maxMessageSize,"
                + " which is 64KiB"),
        problem(
            listener("limits:", "  outboundQueue: 1023KiB"),
            "4: listeners[0].limits.outboundQueue: must not be less than maxMessageSize,"
                + " which is 1MiB"),
        problem(
            listener("serializers: [json, ubjson]"),
            "3: listeners[0].serializers[1]: expected json or msgpack or cbor, found 'ubjson'"),
        problem(
            listener("serializers: [json, json]"),
            "3: listeners[0].serializers[1]: is listed twice"),
        problem(
            listener("serializers: []"),
            "3: listeners[0].serializers: expected a list, not empty, of json or msgpack or cbor,"
                + " found an empty list"),
        problem(
            listener("serializers: json"),
            "3: listeners[0].serializers: expected a list, found text"),
        problem(
            listener("address: 300.1.1.1"),
            "3: listeners[0].address: expected text: an IPv4 or IPv6 address or a host name,"
                + " found '300.1.1.1'"),
        problem(
            listener("unix: /run/t.sock", "port: 1"),
            "3: listeners[0].unix: excludes address and port"),
        problem(
            listener("unix: /" + "x".repeat(107)),
            "3: listeners[0].unix: expected text: the path of a socket, at most 107 bytes, found '/"
                + "x".repeat(59)
                + "...'"),
        problem(
            listener("tryIt: true", "transports: [rawsocket]"),
            "3: listeners[0].tryIt: the page needs websocket among the transports"),
        problem(
            listener("origins: ['https://app.example.com/']"),
            "3: listeners[0].origins[0]: expected text: an origin such as https://app.example.com,"
                + " in lower case, or * or null, found 'https://app.example.com/'"),
        problem(
            listener("keepAlive: {pingInterval: 999ms}"),
            "3: listeners[0].keepAlive.pingInterval: must be 0s, which sends no pings,"
                + " or at least 1s"),
        problem(
            listener("keepAlive: {pingInterval: 0s, rawSocketPing: true}"),
            "3: listeners[0].keepAlive.rawSocketPing: contradicts a pingInterval of 0s"),
        problem(
            "listeners: [{port: 1}, {address: 0.0.0.0, port: 1}]\n" + REALMS,
            "1: listeners[1].port: 0.0.0.0:1 collides with 127.0.0.1:1 of listeners[0]"),
        problem(
            "listeners: [{unix: /a}, {unix: /a}]\n" + REALMS,
            "1: listeners[1].unix: unix:/a collides with unix:/a of listeners[0]"),
        problem(
            "listeners: [{port: 9080}]\n" + REALMS + "management: {address: 127.0.0.1}\n",
            "4: management.port: 127.0.0.1:9080 collides with 127.0.0.1:9080 of listeners[0]"),
        problem(
            LISTENERS + REALMS + "management: {metricsToken: my-secret-in-the-file}\n",
            "5: management.metricsToken: expected a mapping, found text"),
        problem(
            LISTENERS + REALMS + "management: {metricsToken: {env: SHORT}}\n",
            "5: management.metricsToken.env: expected text: the name of an environment variable"
                + " with at least 16 characters, found 'SHORT'"),
        problem(
            LISTENERS + REALMS + "management: {metricsToken: {}}\n",
            "5: management.metricsToken.file: exactly one of file and env is needed"),
        problem(
            LISTENERS
                + REALMS
                + "management: {openMetrics: true, metricsToken: {env: METRICS_TOKEN}}\n",
            "5: management.openMetrics: contradicts metricsToken"),
        problem(
            LISTENERS + REALMS + "management: {reloadToken: {env: SHORT}}\n",
            "5: management.reloadToken.env: expected text: the name of an environment variable"
                + " with at least 16 characters, found 'SHORT'"),
        problem(
            LISTENERS
                + REALMS
                + "management: {metricsToken: {env: METRICS_TOKEN}, reloadToken: {env:"
                + " METRICS_TOKEN}}\n",
            "5: management.reloadToken: is the metricsToken too: whoever reads metrics could have"
                + " all nodes reload"),
        problem(
            LISTENERS + REALMS + "cluster:\n",
            "5: cluster: expected a mapping, found nothing:"
                + " a key without a value does not mean its default"),
        problem(REALMS, "1: listeners: is required: a list, not empty"),
        problem(LISTENERS, "1: realms: is required: a list, not empty"),
        problem(
            "listeners: []\n" + REALMS,
            "1: listeners: expected a list, not empty, found an empty list"),
        problem("listeners: {}\n" + REALMS, "1: listeners: expected a list, found a mapping"),
        problem(
            "listeners: [8080]\n" + REALMS, "1: listeners[0]: expected a mapping, found a number"),
        problem(
            LISTENERS + "realms: [{}]\n",
            "3: realms[0].name: is required: text: a URI such as com.example.shop"),
        problem(
            LISTENERS + "realms: [{name: realm1}, {name: realm1}]\n",
            "3: realms[1].name: another realm has this name"),
        problem(
            LISTENERS + "realms: [{name: my realm}]\n",
            "3: realms[0].name: expected text: a URI such as com.example.shop, found 'my realm'"),
        problem(
            LISTENERS + "realms: [{name: 1.5}]\n",
            "3: realms[0].name: expected text: a URI such as com.example.shop, found '1.5',"
                + " which is a number: put it in quotes"),
        problem(
            LISTENERS + "realms: [{name: wamp.mine}]\n",
            "3: realms[0].name: must not begin with wamp, which is the protocol's own"),
        problem(
            realm("auth: {anonymous: {role: guest}}", "roles: [{name: geust}]"),
            "5: realms[0].auth.anonymous.role: the realm has no role of this name"),
        problem(
            realm("auth: {anonymous: {}}", "roles: [{name: guest}]"),
            "5: realms[0].auth.anonymous.role: the realm has no role of this name"),
        problem(
            realm("roles: [{name: guest}, {name: guest}]"),
            "5: realms[0].roles[1].name: another role of the realm has this name"),
        problem(
            permissions("{uri: a..b, allow: [call]}"),
            "5: realms[0].roles[0].permissions[0].uri: 'a..b' is no exact URI by the loose rule"),
        problem(
            permissions("{uri: a.b, allow: [call]}, {uri: a.b, match: exact, allow: []}"),
            "5: realms[0].roles[0].permissions[1].uri: another permission of the role has this URI"
                + " and match"),
        problem(
            permissions("{uri: a.b}"),
            "5: realms[0].roles[0].permissions[0].allow: is required:"
                + " a list of call or register or publish or subscribe"),
        problem(
            permissions("{uri: a.b, allow: [call], match: regex}"),
            "5: realms[0].roles[0].permissions[0].match: expected exact or prefix or wildcard,"
                + " found 'regex'"),
        problem(
            realm("roles: [{name: user, authorizer: {procedure: com.may}}]"),
            "5: realms[0].roles[0].authorizer.procedure: no role of realm1 has a permission to"
                + " register it"),
        problem(
            realm(
                "roles: [{name: user, authorizer: {procedure: com.may},"
                    + " permissions: [{uri: com., match: prefix, allow: [register]}]}]"),
            "5: realms[0].roles[0].authorizer.procedure: the role user may register it and has an"
                + " authorizer, which would be asked about who serves it"),
        problem(
            realm("roles: [{name: user, authorizer: {procedure: wamp.may}}]"),
            "5: realms[0].roles[0].authorizer.procedure: expected text: the URI of a procedure, not"
                + " below wamp, found 'wamp.may'"),
        problem(
            realm("roles: [{name: user, authorizer: {timeout: 5s}}]"),
            "5: realms[0].roles[0].authorizer.procedure: is required: text: the URI of a procedure,"
                + " not below wamp"),
        problem(
            realm("auth: {dynamic: {methods: [ticket], procedure: com.who, realm: realm2}}"),
            "5: realms[0].auth.dynamic.realm: there is no realm of this name"),
        problem(
            realm(
                "auth: {anonymous: {role: clerk}, dynamic: {methods: [anonymous], procedure:"
                    + " com.who}}",
                "roles: [{name: clerk, permissions: [{uri: com.who, allow: [register]}]}]"),
            "5: realms[0].auth.dynamic: names anonymous, which has a section of its own"),
        problem(
            realm(
                "auth: {dynamic: {methods: [ticket], procedure: com.who}}",
                "roles: [{name: clerk, permissions: [{uri: com.who, allow: [register]}]}]"),
            "5: realms[0].auth.dynamic.realm: nobody can come in there to serve the procedure: all"
                + " its methods are dynamic"),
        problem(
            """
            listeners: [{address: 0.0.0.0}]
            realms: [{name: realm1, auth: {anonymous: {role: clerk},
             dynamic: {methods: [ticket], procedure: com.who}}, roles: [{name: clerk,
             permissions: [{uri: com., match: prefix, allow: [register]}]}]}]
            """,
            "3: realms[0].auth.dynamic.procedure: anybody may register it, and decide in its place:"
                + " other machines reach the listeners, and anonymous clients have the role clerk"),
        problem(
            realm(
                "auth: {anonymous: {role: clerk}, dynamic: {methods: [ticket], procedure:"
                    + " com.who}}",
                "roles: [{name: clerk, permissions: [{uri: com.who, allow: [call]}]}]"),
            "5: realms[0].auth.dynamic.procedure: no role of realm1 has a permission to register"
                + " it"),
        problem(
            "listeners: [{port: 0, admits: {methods: [none]}}]\nrealms: [{name: realm1}]\n",
            "1: listeners[0].admits.methods[0]: expected text: a method of WAMP, one of anonymous,"
                + " cookie, ticket, jwt, wampcra, wamp-scram, scram, cryptosign, tls, found"
                + " 'none'"),
        problem(
            "listeners: [{port: 0, admits: {realms: [realm2]}}]\nrealms: [{name: realm1}]\n",
            "1: listeners: 127.0.0.1:0 admits to no realm that is there"),
        problem("", "1: the document is empty: listeners and realms are required"),
        problem("just text", "1: expected a mapping, found text"),
        problem("a: b\n c: d\n", "2: not YAML: mapping values are not allowed here"),
        problem("a: b\n---\nc: d\n", "2: not YAML: but found another document"),
        problem(
            "a: b\nc: \"\\x", "2: not YAML from here on: For input string: \"\" under radix 16"),
        problem("a: *b\n", "1: not YAML: found undefined alias b"),
        problem("a: b\nc: \u0007\n", "2: not YAML: the character U+0007 is not allowed"));
  }

  @Test
  void strictRealmHoldsPermissionsToTheStrictRule() {
    String yaml =
        realm("uriRule: strict", "roles:", "  - name: r", "    permissions:")
            + "          - {uri: com.Example, allow: []}\n";
    assertThat(problems(yaml))
        .containsExactly(
            "node.yaml:9: realms[0].roles[0].permissions[0].uri:"
                + " 'com.Example' is no exact URI by the strict rule");
  }

  @Test
  void allProblemsComeAtOnceInTheOrderOfTheFile() {
    String yaml =
        """
        lanes: 65
        realms:
          - name: ""
            uriRule: slack
        drainTimeout: never
        listeners:
          - port: -1
            limits: {maxMessageSize: 1, maxFrameSize: 2MiB, outboundQueue: 64KiB}
            tls: {key: nowhere.pem}
            adress: 127.0.0.1
        mangement: {}
        """;
    assertThat(problems(yaml))
        .containsExactly(
            "node.yaml:1: lanes: expected a whole number from 0 to 64, found '65'",
            "node.yaml:3: realms[0].name: expected text: a URI such as com.example.shop, found ''",
            "node.yaml:4: realms[0].uriRule: expected loose or strict, found 'slack'",
            "node.yaml:5: drainTimeout: expected a duration from 0s to 5m, found 'never'",
            "node.yaml:7: listeners[0].port: expected a whole number from 0 to 65535, found '-1'",
            "node.yaml:8: listeners[0].limits.maxMessageSize:"
                + " expected a size from 512B to 16MiB, found '1'",
            "node.yaml:9: listeners[0].tls.certificate: is required:"
                + " text: the path of a readable PEM file with a CERTIFICATE",
            "node.yaml:9: listeners[0].tls.key: expected text: the path of a readable PEM file with"
                + " a PRIVATE KEY, not encrypted, found 'nowhere.pem'",
            "node.yaml:10: listeners[0].adress: unknown key; did you mean address?",
            "node.yaml:11: mangement: unknown key; did you mean management?");
  }

  @Test
  void messageHasOneProblemOnEachLine() {
    ConfigurationException e =
        catchThrowableOfType(
            ConfigurationException.class, () -> Yaml.config("lanes: x\nlisteners: y\n"));
    assertThat(e)
        .hasMessage(
            """
            node.yaml:1: realms: is required: a list, not empty
            node.yaml:1: lanes: expected a whole number from 0 to 64, found 'x'
            node.yaml:2: listeners: expected a list, found text\
            """);
    assertThat(e.problems().get(1).column()).isEqualTo(8);
  }

  @Test
  void messageStaysReadableHoweverMuchIsWrong() {
    StringBuilder yaml = new StringBuilder(LISTENERS + REALMS);
    for (int i = 0; i < 1_000; i++) {
      yaml.append("unknown").append(i).append(": 1\n");
    }
    ConfigurationException e =
        catchThrowableOfType(ConfigurationException.class, () -> Yaml.config(yaml.toString()));
    assertThat(e.problems()).hasSize(1_000);
    assertThat(e.getMessage().lines()).hasSize(101).last().isEqualTo("and 900 more problems");
  }

  @Test
  void controlCharactersOfTheDocumentDoNotReachTheMessage() {
    assertThat(problems(LISTENERS + REALMS + "\"a\\nb\": 1\nlanes: \"1\\u001b[31m\"\n"))
        .containsExactly(
            "node.yaml:5: 'a?b': unknown key; known are listeners, management, cluster, realms,"
                + " lanes, drainTimeout, memory, bans, failedLogins, audit, reload, tracing",
            "node.yaml:6: lanes: expected a whole number from 0 to 64, found '1?[31m'");
  }

  private static String permissions(String permissions) {
    return realm("roles: [{name: r, permissions: [" + permissions + "]}]");
  }

  private static Arguments problem(String yaml, String expected) {
    return Arguments.of(yaml, expected);
  }
}
