package io.tandem.node.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
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

  /** Whoever asks for more comes again: what a client sends at once must not take the lane long. */
  private static final int MOST_PAGES = 32;

  private final Door door;
  private final HandshakeTimer timer;

  /** What is granted, until the request is whole. */
  private WebSocketRequest.@Nullable Granted granted;

  /** How many pages were asked for. */
  private int pages;

  /** How many requests of long-poll clients are not answered yet. */
  private int polls;

  /** The request that is being read is one of those. */
  private boolean inPoll;

  /** The request that is being read is the last one. */
  private boolean last;

  /** What still comes is nobody's. */
  private boolean over;

  HttpOpening(Door door, HandshakeTimer timer) {
    this.door = door;
    this.timer = timer;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (over) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof HttpRequest request) {
      read(context, request);
    } else if (granted == null) {
      if (inPoll) {
        pollGoesOn(message instanceof LastHttpContent);
      }
      context.fireChannelRead(message);
      if (last && message instanceof LastHttpContent) {
        ignoreRest(context);
      }
    } else {
      ReferenceCountUtil.release(message);
      if (message instanceof LastHttpContent) {
        upgrade(context, granted);
      }
    }
  }

  /** What still comes is not even looked at: who sends much of it must not take the lane long. */
  private void ignoreRest(ChannelHandlerContext context) {
    over = true;
    if (!context.isRemoved()) {
      FirstOctet.readNoHttp(context.pipeline());
    }
  }

  private void read(ChannelHandlerContext context, HttpRequest message) {
    if (pages > 0 && isBehind(context.channel())) {
      ignoreRest(context);
      context.close();
      return;
    }
    try {
      WebSocketRequest request = WebSocketRequest.of(message);
      door.asked(context.channel(), request);
      if (door.isBanned(context.channel())) {
        throw new WebSocketRequest.Refused(HandshakeRefusal.BANNED, Door.BANNED);
      }
      if (Door.isOneTooMany(context.channel())) {
        throw new WebSocketRequest.Refused(
            HandshakeRefusal.TOO_MANY_CONNECTIONS, FirstOctet.TOO_MANY);
      }
      if (request.asksForWebSocket()) {
        if (door.isLeaving()) {
          throw new WebSocketRequest.Refused(HandshakeRefusal.NODE_LEAVES, Door.LEAVING);
        }
        granted = request.judge(door.config());
      } else {
        page(context, request);
      }
    } catch (WebSocketRequest.Refused refusal) {
      timer.stop();
      boolean wantsBody = !message.method().equals(HttpMethod.HEAD);
      door.refused(context.channel(), refusal.reason(), refusal.why());
      FirstOctet.beforeHttp(context.pipeline())
          .writeAndFlush(
              Unpooled.copiedBuffer(
                  answer(refusal.reason(), wantsBody ? refusal.why() + "\n" : ""),
                  StandardCharsets.US_ASCII))
          .addListener(written -> LastWords.end(context.channel()));
      // Whoever has not read what it asked for before might not read this either.
      LastWords.closeLater(context.channel());
      ignoreRest(context);
    }
  }

  /** Whether the client has left answers unread: it is given no more. */
  private static boolean isBehind(Channel channel) {
    channel.flush();
    return channel.bytesBeforeUnwritable() < channel.config().getWriteBufferHighWaterMark();
  }

  private void page(ChannelHandlerContext context, WebSocketRequest request) {
    timer.pageServed();
    pages++;
    inPoll = door.servesPolls(request.target());
    if (inPoll) {
      polls++;
    }
    last = pages == MOST_PAGES || request.hasDoubtfulEnd();
    if (last) {
      // So the server behind ends the connection with its answer.
      request.request().headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    context.fireChannelRead(request.request());
  }

  /** A client may take its time for each part of a request; the wait for the answer is ours. */
  private void pollGoesOn(boolean isWhole) {
    if (isWhole) {
      inPoll = false;
      timer.stop();
    } else {
      timer.pageServed();
    }
  }

  /** One of the requests of long-poll clients is answered. */
  void answered() {
    polls--;
    if (polls == 0 && !over) {
      // It has as many requests as it likes, but not all at once.
      pages = 0;
      timer.pageServed();
    }
  }

  private void upgrade(ChannelHandlerContext context, WebSocketRequest.Granted grant) {
    timer.stop();
    String head =
        "HTTP/1.1 101 Switching Protocols\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            + ("Sec-WebSocket-Accept: " + grant.accept() + "\r\n")
            + ("Sec-WebSocket-Protocol: " + grant.subprotocol().wireName() + "\r\n")
            + (grant.compression() == null
                ? ""
                : "Sec-WebSocket-Extensions: " + grant.compression() + "\r\n")
            + OpeningCookie.recognize(context.channel(), door.config(), grant.opening())
            + "\r\n";
    FirstOctet.beforeHttp(context.pipeline())
        .writeAndFlush(Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII));
    FirstOctet.install(context.pipeline(), door.webSocket(grant));
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
