package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "0.0.0.0", "::", "::1", "fe80::1", "localhost", "a-b.example.com"})
  void addressesAndHostNamesAreAccepted(String address) {
    assertThat(Endpoint.Tcp.isAddress(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "256.1.1.1",
        "1.2.3",
        "[::1]",
        ":::",
        "-a.com",
        "a..b",
        "a_b",
        "a b",
        "127.0.0.1:80"
      })
  void anythingElseIsRefused(String address) {
    assertThat(Endpoint.Tcp.isAddress(address)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.8.9.1, true",
    "::1, true",
    "localhost, true",
    "LOCALHOST, true",
    "0.0.0.0, false",
    "::, false",
    "10.0.0.1, false",
    "example.com, false",
    "::ffff:127.0.0.1, true"
  })
  void onlyLoopbackIsLocal(String address, boolean local) {
    assertThat(new Endpoint.Tcp(address, 80).isLocal()).isEqualTo(local);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 80, 127.0.0.1, 80, true",
    "127.0.0.1, 80, 127.0.0.2, 80, false",
    "127.0.0.1, 80, 127.0.0.1, 81, false",
    "127.0.0.1, 80, 0.0.0.0, 80, true",
    "::, 80, 10.0.0.1, 80, true",
    "Host, 80, host, 80, true",
    "127.0.0.1, 0, 127.0.0.1, 0, false"
  })
  void twoSocketsCollideOnOnePort(String a, int aPort, String b, int bPort, boolean collide) {
    Endpoint.Tcp one = new Endpoint.Tcp(a, aPort);
    Endpoint.Tcp other = new Endpoint.Tcp(b, bPort);
    assertThat(one.collidesWith(other)).isEqualTo(collide);
    assertThat(other.collidesWith(one)).isEqualTo(collide);
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1:80", "::1, [::1]:80"})
  void printsAsInUrls(String address, String printed) {
    assertThat(new Endpoint.Tcp(address, 80)).hasToString(printed);
  }
}
