package io.tandem.node.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server of keys can do to those who ask it. */
class HttpTextTest {

  private static final Duration SHORT = Duration.ofMillis(300);

  /** What it does with a connection whose request was read. */
  @FunctionalInterface
  private interface Way {
    void answer(OutputStream out) throws IOException, InterruptedException;
  }

  private final List<ServerSocket> servers = new ArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();

  /** Set when the server cannot write any more, since nobody is there. */
  private final CompletableFuture<Void> leftAlone = new CompletableFuture<>();

  private URI server(Way way) {
    try {
      ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      servers.add(server);
      Thread thread = new Thread(() -> serve(server, way), "server of keys");
      thread.setDaemon(true);
      thread.start();
      return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/jwks.json");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void serve(ServerSocket server, Way way) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        InputStream in = socket.getInputStream();
        for (int ends = 0; ends < 4; ) {
          int octet = in.read();
          ends = octet == '\r' || octet == '\n' ? ends + 1 : 0;
        }
        requests.incrementAndGet();
        way.answer(socket.getOutputStream());
      } catch (IOException over) {
        leftAlone.complete(null);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static Way saying(String head, String body) {
    return out ->
        out.write(
            ("HTTP/1.1 " + head + "\r\nConnection: close\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void close() throws IOException {
    for (ServerSocket server : servers) {
      server.close();
    }
  }

  private static Throwable failure(CompletableFuture<String> text) {
    Patience.until("it is over", text::isDone);
    assertThat(text).isCompletedExceptionally();
    Throwable failure = text.handle((got, thrown) -> thrown).join();
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  @Test
  void textIsFetched() {
    URI url = server(saying("200 OK\r\nContent-Type: application/json", "{\"keys\":[\"\u00e9\"]}"));
    assertThat(Patience.join(HttpText.get(url))).isEqualTo("{\"keys\":[\"\u00e9\"]}");
  }

  @Test
  void anotherStatusIsAFailureAndNothingIsFollowed() {
    URI elsewhere = server(saying("200 OK", "{}"));
    URI moved = server(saying("302 Found\r\nLocation: " + elsewhere, ""));
    assertThat(failure(HttpText.get(moved))).hasMessageContaining("answers 302");
    assertThat(failure(HttpText.get(server(saying("500 Oh\r\nContent-Length: 2", "no")))))
        .hasMessageContaining("answers 500");
    assertThat(requests).hasValue(2);
  }

  @Test
  void nobodyThereIsAFailure() throws IOException {
    URI url = server(out -> {});
    servers.get(0).close();
    assertThat(failure(HttpText.get(url))).isNotNull();
  }

  @Test
  void serverThatDiesOrSpeaksNoHttpIsAFailure() {
    assertThat(failure(HttpText.get(server(out -> {})))).isNotNull();
    assertThat(
            failure(
                HttpText.get(
                    server(out -> out.write("220 smtp\r\n\r\n".getBytes(StandardCharsets.UTF_8))))))
        .isNotNull();
    Way half = saying("200 OK\r\nContent-Length: 100", "{\"keys\":");
    assertThat(failure(HttpText.get(server(half)))).isNotNull();
  }

  @Test
  void serverThatHangsIsLeftInTime() {
    CompletableFuture<Void> never = new CompletableFuture<>();
    Way hangs = out -> never.join();
    Way hangsInTheBody =
        out -> {
          saying("200 OK\r\nContent-Length: 100", "{").answer(out);
          out.flush();
          never.join();
        };
    assertThat(failure(HttpText.get(server(hangs), SHORT))).isInstanceOf(TimeoutException.class);
    assertThat(failure(HttpText.get(server(hangsInTheBody), SHORT)))
        .isInstanceOf(TimeoutException.class);
    never.complete(null);
  }

  /** Each octet comes in time, and the whole never would. */
  @Test
  void serverThatDripsIsLeftInTimeAndItsConnectionClosed() {
    Way drips =
        out -> {
          saying("200 OK\r\nContent-Length: 100000000", "").answer(out);
          while (true) {
            out.write(' ');
            out.flush();
            Thread.onSpinWait();
          }
        };
    Throwable failure = failure(HttpText.get(server(drips), SHORT));
    assertThat(failure)
        .satisfiesAnyOf(
            late -> assertThat(late).isInstanceOf(TimeoutException.class),
            much -> assertThat(much).hasMessageContaining("sends more than"));
    Patience.join(leftAlone);
  }

  @Test
  void gigabytesAreNotTaken() {
    byte[] much = new byte[64 << 10];
    Way floods =
        out -> {
          saying("200 OK", "").answer(out);
          while (true) {
            out.write(much);
          }
        };
    assertThat(failure(HttpText.get(server(floods)))).hasMessageContaining("sends more than");
    Patience.join(leftAlone);
  }

  @Test
  void keysComeFromAUrlInTheEnd() {
    URI url = server(saying("200 OK", Issuer.jwks(Issuer.RSA)));
    assertThat(Patience.join(FetchedKeys.of(url).keys("rsa-1").toCompletableFuture()).has("rsa-1"))
        .isTrue();
  }
}
