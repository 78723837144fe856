package io.tandem.node.transport;

import io.netty.channel.Channel;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.Opening;
import io.tandem.node.config.LongPollConfig;
import io.tandem.node.router.HandshakeRefusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of long-poll clients that come over the connections of one lane, and hands
 * them to their transports, on whatever lane these are. Belongs to its lane's event loop.
 */
final class LongPollRequests {

  /** Of a request that opens a transport. */
  private static final int LONGEST_OPEN = 4 << 10;

  private final Door door;
  private final LaneIo io;
  private final LongPollConfig config;
  private final LongPolls polls;
  private final String keepAlive;

  /** What a path asks for: {@code open}, or something of a transport. */
  private record Target(@Nullable String id, String action) {}

  LongPollRequests(Door door, LaneIo io, LongPollConfig config, LongPolls polls) {
    this.door = door;
    this.io = io;
    this.config = config;
    this.polls = polls;
    // Without a second between the two, the client might ask while its connection is being closed.
    long reusable = door.config().timeouts().handshake().toSeconds() - 1;
    this.keepAlive = reusable > 0 ? "timeout=" + reusable : "";
  }

  /** Whether these requests are served here. */
  boolean cover(String path) {
    return config.covers(path);
  }

  void handle(HttpServerRequest request) {
    Channel channel = ((ConnectionBase) request.connection()).channel();
    HttpOpening opening = channel.pipeline().get(HttpOpening.class);
    if (opening == null) {
      return; // its connection is being closed
    }
    request.response().endHandler(sent -> opening.answered());
    Poll poll = new Poll(request);
    poll.header("Cache-Control", "no-store");
    poll.header("X-Content-Type-Options", "nosniff");
    if (!keepAlive.isEmpty()) {
      poll.header("Keep-Alive", keepAlive);
    }
    Target target = target(request.path());
    if (!admits(channel, request, poll)) {
      return;
    }
    if (request.method().equals(HttpMethod.OPTIONS)) {
      poll.header("Access-Control-Allow-Methods", "POST");
      poll.header("Access-Control-Allow-Headers", "Content-Type");
      poll.header("Access-Control-Max-Age", "3600");
      poll.answer(Poll.NO_CONTENT, null);
    } else if (target == null) {
      poll.answer(404, "POST to open, or to send, receive or close of a transport");
    } else if (!request.method().equals(HttpMethod.POST)) {
      poll.header("Allow", "POST, OPTIONS");
      poll.answer(405, "this takes a POST");
    } else {
      read(request, poll, target, (whole, body) -> treat(channel, request, whole, target, body));
    }
  }

  /** What the path says behind the base; its query, a cache buster, is nobody's (LP-11). */
  private @Nullable Target target(String path) {
    String[] parts = path.substring(config.path().length() + 1).split("/", -1);
    if (parts.length == 1 && parts[0].equals("open")) {
      return new Target(null, "open");
    }
    return parts.length == 2 && List.of("send", "receive", "close").contains(parts[1])
        ? new Target(parts[0], parts[1])
        : null;
  }

  /** As for a WebSocket; a page that may connect may also read the answer (LP-12). */
  private boolean admits(Channel channel, HttpServerRequest request, Poll poll) {
    List<String> origins = request.headers().getAll("Origin");
    String origin = origins.isEmpty() ? null : origins.get(0);
    poll.header("Vary", "Origin");
    if (origins.size() > 1 || !door.config().admits(origin, request.getHeader("Host"))) {
      door.refused(channel, HandshakeRefusal.ORIGIN, "pages of this origin may not connect");
      poll.answer(403, "pages of this origin may not connect");
      return false;
    }
    if (origin != null) {
      poll.header("Access-Control-Allow-Origin", origin);
      poll.header("Access-Control-Allow-Credentials", "true");
    }
    return true;
  }

  private void read(
      HttpServerRequest request, Poll poll, Target target, BiConsumer<Poll, Buffer> whole) {
    int longest =
        target.action().equals("send") ? door.config().limits().maxMessageSize() : LONGEST_OPEN;
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          // One octet more is enough to know.
          int rest = longest + 1 - body.length();
          body.appendBuffer(chunk.length() <= rest ? chunk : chunk.slice(0, rest));
        });
    request.endHandler(
        end -> {
          if (body.length() > longest && !target.action().equals("send")) {
            poll.answer(413, "this takes " + LONGEST_OPEN + " octets at most");
          } else {
            whole.accept(poll, body);
          }
        });
  }

  private void treat(
      Channel channel, HttpServerRequest request, Poll poll, Target target, Buffer body) {
    String id = target.id();
    if (id == null) {
      open(channel, request, poll, body);
      return;
    }
    LongPollTransport transport = polls.find(id);
    if (transport == null && !target.action().equals("receive") && polls.hasEnded(id)) {
      poll.answer(Poll.NO_CONTENT, null);
    } else if (transport == null) {
      poll.answer(404, LongPolls.absence(id, io.lane().router().self().name()));
    } else if (target.action().equals("send")) {
      byte[] message = body.getBytes();
      transport.lane().execute(() -> transport.send(poll, message));
    } else if (target.action().equals("receive")) {
      poll.onLost(() -> transport.lane().execute(() -> transport.abandoned(poll)));
      transport.lane().execute(() -> transport.receive(poll));
    } else {
      transport.lane().execute(() -> transport.close(poll));
    }
  }

  private void open(Channel channel, HttpServerRequest request, Poll poll, Buffer body) {
    if (door.isLeaving()) {
      door.refused(channel, HandshakeRefusal.NODE_LEAVES, Door.LEAVING);
      poll.answer(503, Door.LEAVING);
      return;
    }
    Subprotocol subprotocol = subprotocol(body);
    if (subprotocol == null) {
      String why =
          "{\"protocols\": [...]} is needed, with one of " + Subprotocol.list(door.config());
      door.refused(channel, HandshakeRefusal.SUBPROTOCOL, why);
      poll.answer(400, why);
      return;
    }
    List<Map.Entry<String, String>> lines = List.copyOf(request.headers().entries());
    if (lines.size() > Opening.MOST_HEADERS) {
      door.refused(channel, HandshakeRefusal.HEADERS_TOO_LONG, "the headers are too many");
      poll.answer(431, "the headers are too many");
      return;
    }
    Opening opening = new Opening(request.path(), request.query(), lines);
    String cookie = OpeningCookie.recognize(channel, door.config(), opening);
    Evidence opened = ClientSockets.evidence(channel, door.config(), opening);
    LongPollTransport transport =
        new LongPollTransport(
            LongPolls.freshId(io.lane().router().self().name()),
            io,
            door.config(),
            subprotocol,
            ClientSockets.evidence(channel, door.config(), null),
            Frontier.client(channel));
    if (!door.enter(channel, transport, () -> polls.remove(transport))) {
      door.refused(channel, HandshakeRefusal.TOO_MANY_CONNECTIONS, FirstOctet.TOO_MANY);
      poll.answer(503, FirstOctet.TOO_MANY);
      return;
    }
    polls.add(transport);
    transport.begin(channel.eventLoop(), opened);
    if (!cookie.isEmpty()) {
      poll.header("Set-Cookie", cookie.substring(cookie.indexOf(':') + 1).strip());
    }
    byte[] answer =
        new JsonObject()
            .put("protocol", subprotocol.wireName())
            .put("transport", transport.id())
            .encode()
            .getBytes(StandardCharsets.UTF_8);
    // A client that never learns its name asks for nothing, and is idle.
    poll.answer(answer, "application/json", () -> {});
  }

  private @Nullable Subprotocol subprotocol(Buffer body) {
    try {
      Object protocols = new JsonObject(body).getValue("protocols");
      return protocols instanceof JsonArray names
          ? Subprotocol.choose(
              names.stream().filter(String.class::isInstance).map(String.class::cast),
              door.config())
          : null;
    } catch (DecodeException noJson) {
      return null;
    }
  }
}
