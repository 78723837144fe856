package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestCertificate;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WebSocketClient;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies that the opening handshake of a WebSocket gives to those who have none. */
class OpeningCookieTest {

  private static final String PROTOCOL = "Sec-WebSocket-Protocol: wamp.2.json";
  private static final Pattern GIVEN = Pattern.compile("(?m)^Set-Cookie: ([^=]+)=([^;]+)(.*)$");
  private static final String VALUE = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

  @TempDir static Path directory;

  private static TestNode node;
  private static TestCertificate certificate;

  @BeforeAll
  static void start() {
    certificate = TestCertificate.in(directory);
    node =
        TestNode.start(
            """
            listeners:
              - port: 0
                origins: ["https://app.example.com"]
                cookie: {}
              - port: 0
                tls: {certificate: %s, key: %s}
                cookie: {name: __Host-t, maxAge: 1h, sameSite: strict}
              - port: 0
                proxy: {from: [127.0.0.1], tls: true}
                cookie: {sameSite: none, path: /app, domain: example.com}
              - port: 0
            """
                    .formatted(certificate.certificate(), certificate.key())
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 1\n");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static int port(int listener) {
    return node.node().ports().get(listener);
  }

  /** The head of the answer to a handshake with these headers. */
  private static String answer(Line line, String... headers) {
    try (WebSocketClient client = WebSocketClient.unopened(line)) {
      String[] all = new String[headers.length + 1];
      System.arraycopy(headers, 0, all, 0, headers.length);
      all[headers.length] = PROTOCOL;
      return client.upgrade("/ws", all);
    }
  }

  private static String answer(int listener, String... headers) {
    return answer(Line.tcp(port(listener)), headers);
  }

  private static @Nullable Matcher given(String answer) {
    Matcher given = GIVEN.matcher(answer);
    return given.find() ? given : null;
  }

  @Test
  void whoHasNoneIsGivenOne() {
    String answer = answer(0);
    assertThat(answer).startsWith("HTTP/1.1 101 ");
    Matcher given = given(answer);
    assertThat(given).isNotNull();
    assertThat(given.group(1)).isEqualTo("tandem");
    assertThat(given.group(2)).matches("[A-Za-z0-9_-]{43}");
    assertThat(given.group(3)).isEqualTo("; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax");
    assertThat(answer(0)).as("another one").doesNotContain(given.group(2));
  }

  @Test
  void itIsSecureWhereTlsEndsHere() throws Exception {
    Matcher given = given(answer(certificate.connect(port(1))));
    assertThat(given).isNotNull();
    assertThat(given.group(1)).isEqualTo("__Host-t");
    assertThat(given.group(3))
        .isEqualTo("; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Strict");
  }

  @Test
  void itIsSecureWhereTlsEndsAtTheProxy() {
    Matcher given = given(answer(2));
    assertThat(given).isNotNull();
    assertThat(given.group(3))
        .isEqualTo(
            "; Max-Age=2592000; Path=/app; Domain=example.com; HttpOnly; Secure; SameSite=None");
  }

  @Test
  void whoHasOneKeepsIt() {
    assertThat(answer(0, "Cookie: tandem=" + VALUE)).contains(" 101 ").doesNotContain("Set-Cookie");
    assertThat(answer(0, "Cookie: a=b; tandem=" + VALUE + "; c=d")).doesNotContain("Set-Cookie");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cookie: tandem=" + VALUE + "; tandem=1" + VALUE,
        "Cookie: tandem=" + VALUE + "; tandem=" + VALUE,
        "Cookie: tandem=guessed",
        "Cookie: other=" + VALUE,
        "Cookie: Tandem=" + VALUE,
      })
  void whatIsNotTheOneCookieIsNoCookie(String shown) {
    Matcher given = given(answer(0, shown));
    assertThat(given).isNotNull();
    assertThat(given.group(2)).isNotEqualTo(VALUE);
  }

  @Test
  void listenerWithoutCookiesGivesNone() {
    assertThat(answer(3, "Cookie: tandem=" + VALUE)).contains(" 101 ").doesNotContain("Set-Cookie");
  }

  @Test
  void pageOfAnotherOriginIsRefusedWithAndWithoutACookie() {
    for (String shown : new String[] {"Cookie: tandem=" + VALUE, "Accept: */*"}) {
      assertThat(answer(0, "Origin: https://evil.example.com", shown))
          .startsWith("HTTP/1.1 403 ")
          .doesNotContain("Set-Cookie");
      assertThat(answer(0, "Origin: https://app.example.com", shown)).startsWith("HTTP/1.1 101 ");
    }
  }
}
