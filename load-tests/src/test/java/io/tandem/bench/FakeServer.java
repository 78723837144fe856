package io.tandem.bench;

import io.netty.channel.EventLoop;
import io.tandem.bench.wire.Acceptor;
import io.tandem.bench.wire.Acceptor.Greeted;
import io.tandem.bench.wire.TurnFlusher;
import io.tandem.client.RouterAddress;
import io.tandem.client.RouterAddress.Transport;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A server on one event loop, for as long as its Vert.x, whose connections a test treats as it
 * likes.
 */
public final class FakeServer {

  private final int port;

  public FakeServer(Vertx vertx, Supplier<? extends Greeted> guests) {
    ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
    EventLoop eventLoop = context.nettyEventLoop();
    CompletableFuture<Integer> listening = new CompletableFuture<>();
    context.runOnContext(
        here ->
            new Acceptor(vertx, new TurnFlusher(eventLoop), guests::get)
                .listen(Transport.WEBSOCKET, SocketAddress.inetSocketAddress(0, "127.0.0.1"))
                .onComplete(listening::complete, listening::completeExceptionally));
    port = listening.join();
  }

  public String url() {
    return "ws://127.0.0.1:" + port + "/ws";
  }

  public RouterAddress address() {
    return RouterAddress.parse(url());
  }
}
