package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** HTTP requests to a node, and clients of long-poll made of them. */
final class Requests {

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final TestNode node;

  Requests(TestNode node) {
    this.node = node;
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path));
  }

  HttpResponse<String> ask(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<String> post(String path, String body) {
    return ask(to(path).POST(BodyPublishers.ofString(body)).build());
  }

  HttpResponse<String> open(String protocols) {
    return post("/lp/open", "{\"protocols\": [" + protocols + "]}");
  }

  /** A transport that is open. */
  final class Client {
    private final String base;

    Client(String protocol) {
      JsonObject opened = new JsonObject(open('"' + protocol + '"').body());
      assertThat(opened.getString("protocol")).isEqualTo(protocol);
      base = "/lp/" + opened.getString("transport");
    }

    private Client(URI known) {
      base = known.getPath();
    }

    /** The same one, whose requests come over other connections. */
    Client overOtherConnections() {
      Requests others = new Requests(node);
      return others.new Client(URI.create(base));
    }

    HttpResponse<String> send(String message) {
      return post(base + "/send", message);
    }

    CompletableFuture<HttpResponse<String>> sendLater(String message) {
      return http.sendAsync(
          to(base + "/send").POST(BodyPublishers.ofString(message)).build(),
          BodyHandlers.ofString());
    }

    HttpResponse<String> receive() {
      return post(base + "/receive", "");
    }

    CompletableFuture<HttpResponse<String>> receiveLater() {
      return http.sendAsync(
          to(base + "/receive").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    /** The next message; asks again where there is none yet. */
    String hear() {
      HttpResponse<String> answer = receive();
      while (answer.statusCode() == 204) {
        answer = receive();
      }
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer.body();
    }

    Client join() {
      assertThat(send(WampClient.HELLO).statusCode()).isEqualTo(204);
      assertThat(hear()).startsWith("[2,");
      return this;
    }

    void close() {
      assertThat(post(base + "/close", "").statusCode()).isEqualTo(204);
    }
  }
}
