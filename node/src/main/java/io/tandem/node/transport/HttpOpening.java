package io.tandem.node.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.tandem.node.router.HandshakeRefusal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the HTTP decoder of a connection that is no transport yet: answers whoever wants a
 * WebSocket, turns away what is no HTTP, and leaves other requests to the pages. The HTTP server's
 * own handshake looks at one header line where the protocol has lists.
 */
final class HttpOpening extends ChannelInboundHandlerAdapter {

  private final Door door;
  private final HandshakeTimer timer;

  /** What is granted, until the request is whole. */
  private WebSocketRequest.@Nullable Granted granted;

  private boolean refused;

  HttpOpening(Door door, HandshakeTimer timer) {
    this.door = door;
    this.timer = timer;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (refused) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof HttpRequest request) {
      read(context, request);
    } else if (granted == null) {
      context.fireChannelRead(message);
    } else {
      ReferenceCountUtil.release(message);
      if (message instanceof LastHttpContent) {
        upgrade(context, granted);
      }
    }
  }

  private void read(ChannelHandlerContext context, HttpRequest message) {
    try {
      WebSocketRequest request = WebSocketRequest.of(message);
      if (request.asksForWebSocket()) {
        granted = request.judge(door.config());
      } else {
        timer.pageServed();
        context.fireChannelRead(message);
      }
    } catch (WebSocketRequest.Refused refusal) {
      refused = true;
      timer.stop();
      boolean wantsBody = !message.method().equals(HttpMethod.HEAD);
      door.refused(context.channel(), refusal.reason(), refusal.why());
      FirstOctet.beforeHttp(context.pipeline())
          .writeAndFlush(
              Unpooled.copiedBuffer(
                  answer(refusal.reason(), wantsBody ? refusal.why() + "\n" : ""),
                  StandardCharsets.US_ASCII))
          .addListener(written -> LastWords.end(context.channel()));
    }
  }

  private void upgrade(ChannelHandlerContext context, WebSocketRequest.Granted grant) {
    timer.stop();
    String head =
        "HTTP/1.1 101 Switching Protocols\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            + ("Sec-WebSocket-Accept: " + grant.accept() + "\r\n")
            + ("Sec-WebSocket-Protocol: " + grant.subprotocol() + "\r\n\r\n");
    FirstOctet.beforeHttp(context.pipeline())
        .writeAndFlush(Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII));
    FirstOctet.install(context.pipeline(), door.webSocket(grant.serializer()));
  }

  /** A whole answer of one line, the last one on its connection. */
  static String answer(HandshakeRefusal reason, String line) {
    String more =
        switch (reason) {
          case METHOD -> "Allow: GET\r\n";
          case VERSION -> "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
          default -> "";
        };
    return "HTTP/1.1 "
        + HttpResponseStatus.valueOf(reason.status())
        + "\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
        + ("Content-Length: " + line.length() + "\r\n")
        + (reason == HandshakeRefusal.VERSION
            ? "Connection: close, Upgrade\r\n"
            : "Connection: close\r\n")
        + more
        + "\r\n"
        + line;
  }
}
