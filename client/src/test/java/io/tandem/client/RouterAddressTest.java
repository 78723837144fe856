package io.tandem.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandem.client.RouterAddress.Transport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterAddressTest {

  @ParameterizedTest
  @CsvSource({
    "ws://example.com, WEBSOCKET, example.com, 80, false, /",
    "ws://example.com:8080/ws, WEBSOCKET, example.com, 8080, false, /ws",
    "wss://example.com/ws?token=1, WEBSOCKET, example.com, 443, true, /ws?token=1",
    "ws://[::1]:8080/ws, WEBSOCKET, ::1, 8080, false, /ws",
    "rs://example.com:8080, RAWSOCKET, example.com, 8080, false, ''",
    "rss://example.com:8080/, RAWSOCKET, example.com, 8080, true, ''"
  })
  void urlOfATcpPortIsRead(
      String url, Transport transport, String host, int port, boolean tls, String path) {
    RouterAddress address = RouterAddress.parse(url);
    assertThat(address.transport()).isEqualTo(transport);
    assertThat(address.host()).isEqualTo(host);
    assertThat(address.socket().port()).isEqualTo(port);
    assertThat(address.tls()).isEqualTo(tls);
    assertThat(address.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix:/run/t.sock", "unix:///run/t.sock", "rs+unix:///run/t.sock"})
  void urlOfAUnixSocketMeansRawSocket(String url) {
    RouterAddress address = RouterAddress.parse(url);
    assertThat(address.transport()).isEqualTo(Transport.RAWSOCKET);
    assertThat(address.socket().path()).isEqualTo("/run/t.sock");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "http://example.com/ws",
        "rs://example.com",
        "rs://example.com:8080/ws",
        "ws://:8080",
        "ws://example.com:70000",
        "unix:",
        "unix://run/t.sock",
        "ws+unix:///run/t.sock",
        "ws://bad host"
      })
  void anythingElseIsRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouterAddress.parse(url))
        .withMessageContaining(url);
  }
}
