package io.tandem.node.config;

import static io.tandem.node.config.Yaml.LISTENERS;
import static io.tandem.node.config.Yaml.REALMS;
import static io.tandem.node.config.Yaml.problems;
import static io.tandem.node.config.Yaml.realm;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Problems with what holds clients back: pauses after failed logins, rates, limits of roles; and
 * with traces.
 */
class LimitProblemsTest {

  @ParameterizedTest
  @MethodSource
  void onlyProblem(String yaml, String expected) {
    assertThat(problems(yaml)).containsExactly("node.yaml:" + expected);
  }

  static Stream<Arguments> onlyProblem() {
    return Stream.of(
        Arguments.of(
            LISTENERS + REALMS + "bans: [10.0.0.0/33]\n",
            "5: bans[0]: expected text: an IPv4 or IPv6 address, or a network such as 10.0.0.0/8,"
                + " found '10.0.0.0/33'"),
        Arguments.of(
            realm("limits: {rate: {}}"),
            "5: realms[0].limits.rate.messages: one of messages and octets has to be there"),
        Arguments.of(
            realm("limits: {rate: {octets: 1KiB, messageBurst: 5}}"),
            "5: realms[0].limits.rate.messageBurst: is of no use without messages"),
        Arguments.of(
            realm("limits: {rate: {messages: 1, octetBurst: 5KiB}}"),
            "5: realms[0].limits.rate.octetBurst: is of no use without octets"),
        Arguments.of(
            realm("limits: {maxTestaments: 0}"),
            "5: realms[0].limits.maxTestaments: expected a whole number from 1 to 100000,"
                + " found '0'"),
        Arguments.of(
            realm("limits: {maxTestamentsSize: 5MiB}"),
            "5: realms[0].limits.maxTestamentsSize: expected a size from 1KiB to 4MiB,"
                + " found '5MiB'"),
        Arguments.of(
            realm("roles: [{name: a, limits: {maxPayloadSize: 17MiB}}]"),
            "5: realms[0].roles[0].limits.maxPayloadSize: expected a size from 1B to 16MiB,"
                + " found '17MiB'"),
        Arguments.of(
            realm("retention: {topics: [{uri: a..b}]}"),
            "5: realms[0].retention.topics[0].uri: 'a..b' is no exact URI"),
        Arguments.of(
            realm("retention: {maxEvents: 0}"),
            "5: realms[0].retention.maxEvents: expected a whole number from 1 to 1000000,"
                + " found '0'"),
        Arguments.of(
            realm("history: [{uri: a, events: 1}, {uri: a, match: prefix}, {uri: a}]"),
            "5: realms[0].history[2].uri: another item of the list has this URI and match"),
        Arguments.of(
            realm("history: [{match: prefix}]"),
            "5: realms[0].history[0].uri: is required: text: a URI or pattern, as match says"),
        Arguments.of(
            realm("history: [{uri: a, bytes: 1KiB}]"),
            "5: realms[0].history[0].bytes: expected a size from 64KiB to 1024GiB, found '1KiB'"),
        Arguments.of(
            LISTENERS + REALMS + "tracing: {endpoint: \"http://joe:secret@otel:4318/v1\"}\n",
            "5: tracing.endpoint: expected text: an http or https URL, such as"
                + " http://127.0.0.1:4318/v1/traces, found 'http://joe:secret@otel:4318/v1'"),
        Arguments.of(
            LISTENERS + REALMS + "tracing: {oneIn: 10}\n",
            "5: tracing.endpoint: is required: text: an http or https URL, such as"
                + " http://127.0.0.1:4318/v1/traces"),
        Arguments.of(
            LISTENERS + REALMS + "failedLogins: {perAuthid: 0}\n",
            "5: failedLogins.perAuthid: expected a whole number from 1 to 1000000, found '0'"),
        Arguments.of(
            LISTENERS + REALMS + "failedLogins: {pause: 10m}\n",
            "5: failedLogins.longestPause: must not be less than pause, which is 10m"),
        Arguments.of(
            LISTENERS + REALMS + "failedLogins: {longestPause: 1h}\n",
            "5: failedLogins.forgetAfter: must not be less than longestPause, which is 1h"),
        Arguments.of(
            LISTENERS + REALMS + "reload: {interval: 99ms}\n",
            "5: reload.interval: expected a duration from 100ms to 1h, found '99ms'"));
  }
}
