package io.tandem.bench.meta;

import io.tandem.bench.BenchException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sessions that are there and do nothing. They come over long-poll, which takes no socket for each:
 * so there may be more of them than a process may have files. Any thread.
 */
final class Guests implements AutoCloseable {

  /** What the listeners need for them: nobody asks for a message of theirs. */
  static final String LISTENER = "longPoll: {path: /lp, idle: 10m}";

  /** Requests that are under way on each node. */
  private static final int WINDOW = 16;

  private static final String OPEN = new JsonObject().put("protocols", protocols()).encode();
  private static final String HELLO = "[1,\"%s\",{\"roles\":{\"caller\":{}}}]";

  private final HttpClient http;
  private final List<URI> nodes;
  private final String hello;
  private final AtomicInteger done = new AtomicInteger();

  private static JsonArray protocols() {
    return new JsonArray().add("wamp.2.json");
  }

  /**
   * @param urls of the nodes, for WebSockets
   */
  Guests(Vertx vertx, List<String> urls, String realm) {
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(true), new PoolOptions().setHttp1MaxSize(WINDOW));
    this.nodes = urls.stream().map(URI::create).toList();
    this.hello = HELLO.formatted(realm);
  }

  /** How many have said HELLO. */
  int done() {
    return done.get();
  }

  /** Has so many come, spread over the nodes; completes when the nodes have heard all of them. */
  Future<Void> come(int count) {
    List<Future<Void>> all = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      for (int i = 0; i < WINDOW; i++) {
        all.add(come(node + i * nodes.size(), count));
      }
    }
    return Future.all(all).mapEmpty();
  }

  private Future<Void> come(int number, int count) {
    Promise<Void> come = Promise.promise();
    next(number, count, come);
    return come.future();
  }

  /** One behind the other, each in a turn of its own. */
  private void next(int number, int count, Promise<Void> all) {
    if (number >= count) {
      all.complete();
      return;
    }
    URI node = nodes.get(number % nodes.size());
    post(node, "/lp/open", OPEN)
        .compose(
            opened ->
                post(node, "/lp/" + new JsonObject(opened).getString("transport") + "/send", hello))
        .onSuccess(
            heard -> {
              done.incrementAndGet();
              next(number + WINDOW * nodes.size(), count, all);
            })
        .onFailure(all::tryFail);
  }

  private Future<Buffer> post(URI node, String path, String body) {
    return http.request(HttpMethod.POST, node.getPort(), node.getHost(), path)
        .compose(request -> request.send(Buffer.buffer(body)))
        .compose(
            response ->
                response
                    .body()
                    .compose(
                        answer ->
                            response.statusCode() < 300
                                ? Future.succeededFuture(answer)
                                : Future.failedFuture(
                                    new BenchException(
                                        "a node answers "
                                            + response.statusCode()
                                            + ": "
                                            + answer.toString().strip()))));
  }

  @Override
  public void close() {
    http.close().toCompletionStage().toCompletableFuture().join();
  }
}
