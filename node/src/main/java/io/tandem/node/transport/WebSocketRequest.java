package io.tandem.node.transport;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.tandem.node.auth.Opening;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.ListenerConfig.TransportKind;
import io.tandem.node.router.HandshakeRefusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request of HTTP/1.1 as RFC 9112 wants it, and the opening handshake of a WebSocket in it (RFC
 * 6455, 4.2.1). Headers that hold lists may come on several lines.
 *
 * @param target the path that is asked for, without query
 * @param query what follows the path's {@code ?}, or null
 * @param host what the request names as this server
 */
record WebSocketRequest(
    HttpRequest request, String target, @Nullable String query, @Nullable String host) {

  private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_OCTETS = 16;
  private static final int KEY_LENGTH = 24;

  /** Either form of RFC 9112, 3.2, that a server is asked by: with the authority or without. */
  private static final Pattern TARGET =
      Pattern.compile("(?:(?i:https?|wss?)://([^/?#]+))?(/[!-~&&[^?#]]*)?(?:\\?([!-~&&[^#]]*))?");

  /** A name or an address, IPv6 in brackets, and a port (RFC 3986, 3.2): no user before them. */
  private static final Pattern HOST =
      Pattern.compile("(?:\\[[A-Za-z0-9._~:%-]+]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::[0-9]*)?");

  /** The handshake cannot be granted. The message is for the client, and of our own words. */
  static final class Refused extends Exception {

    private static final long serialVersionUID = 1;

    private final HandshakeRefusal reason;

    Refused(HandshakeRefusal reason, String why) {
      super(why, null, false, false);
      this.reason = reason;
    }

    HandshakeRefusal reason() {
      return reason;
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * What is granted, what proves that the key was read, and who it is for.
   *
   * @param compression what the client is told of compressed messages; null where there are none
   */
  record Granted(
      Subprotocol subprotocol, String accept, @Nullable String compression, Opening opening) {}

  /**
   * Reads what the HTTP decoder made of the octets.
   *
   * @throws Refused when they are no request that can be answered
   */
  static WebSocketRequest of(HttpRequest request) throws Refused {
    if (request.decoderResult().isFailure()) {
      throw undecodable(request.decoderResult().cause());
    }
    HttpVersion version = request.protocolVersion();
    if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
      throw malformed("this is no request of HTTP/1.1");
    }
    HttpHeaders headers = request.headers();
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1
        || (hosts.isEmpty() && version.minorVersion() > 0)
        || !hosts.stream().allMatch(host -> HOST.matcher(host).matches())) {
      throw malformed("exactly one Host is needed");
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty()
        && (codings.size() > 1
            || !codings.get(0).equalsIgnoreCase("chunked")
            || version.minorVersion() == 0)) {
      throw malformed("no transfer coding but chunked is known, once and in HTTP/1.1");
    }
    Matcher target = TARGET.matcher(request.uri());
    if (!target.matches() || (target.group(1) == null && target.group(2) == null)) {
      if (request.uri().equals("*")) {
        return new WebSocketRequest(request, "*", null, first(hosts));
      }
      throw malformed("the request target is no path");
    }
    String path = target.group(2) == null ? "/" : target.group(2);
    String authority = target.group(1);
    if (authority != null && !HOST.matcher(authority).matches()) {
      throw malformed("the request target names no host");
    }
    String query = target.group(3);
    return new WebSocketRequest(request, path, query, authority == null ? first(hosts) : authority);
  }

  private static @Nullable String first(List<String> values) {
    return values.isEmpty() ? null : values.get(0);
  }

  private static Refused undecodable(@Nullable Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return new Refused(HandshakeRefusal.TARGET_TOO_LONG, "the request line is too long");
    } else if (cause instanceof TooLongFrameException) {
      return new Refused(HandshakeRefusal.HEADERS_TOO_LONG, "the headers are too long");
    }
    return malformed("this is no request of HTTP/1.1");
  }

  private static Refused malformed(String why) {
    return new Refused(HandshakeRefusal.BAD_REQUEST, why);
  }

  /**
   * Whether others on the way may not agree where the request ends: a length that stood beside the
   * coding is not to be seen any more. Nothing may follow it (RFC 9112, 6.1).
   */
  boolean hasDoubtfulEnd() {
    return request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
  }

  /** Whether somebody wants a WebSocket, well or badly. */
  boolean asksForWebSocket() {
    HttpHeaders headers = request.headers();
    return has(HttpHeaderNames.UPGRADE, "websocket")
        || headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
        || headers.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
  }

  /**
   * Judges the opening handshake by the rules of the listener.
   *
   * @throws Refused with the first rule that it breaks
   */
  Granted judge(ListenerConfig config) throws Refused {
    HttpHeaders headers = request.headers();
    if (!request.method().equals(HttpMethod.GET)) {
      throw new Refused(HandshakeRefusal.METHOD, "a WebSocket is opened by GET");
    }
    if (request.protocolVersion().minorVersion() == 0) {
      throw malformed("a WebSocket is opened by HTTP/1.1");
    }
    if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        || headers.getAll(HttpHeaderNames.CONTENT_LENGTH).stream()
            .anyMatch(length -> !length.equals("0"))) {
      throw malformed("the request that opens a WebSocket has no body");
    }
    if (!target.equals(config.path()) || !config.transports().contains(TransportKind.WEBSOCKET)) {
      throw new Refused(HandshakeRefusal.PATH, "there is no WebSocket on this path");
    }
    List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
    if (origins.size() > 1 || !config.admits(first(origins), host)) {
      throw new Refused(HandshakeRefusal.ORIGIN, "pages of this origin may not connect");
    }
    if (!has(HttpHeaderNames.UPGRADE, "websocket") || !has(HttpHeaderNames.CONNECTION, "upgrade")) {
      throw new Refused(
          HandshakeRefusal.UPGRADE, "Upgrade: websocket and Connection: Upgrade are needed");
    }
    List<String> versions = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
    if (versions.size() != 1 || !versions.get(0).equals("13")) {
      throw new Refused(HandshakeRefusal.VERSION, "Sec-WebSocket-Version: 13 is needed");
    }
    List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    if (keys.size() != 1 || !isKey(keys.get(0))) {
      throw new Refused(
          HandshakeRefusal.KEY, "one Sec-WebSocket-Key of 16 octets in base64 is needed");
    }
    // How many they are by size() leaves out those of the same name.
    List<Map.Entry<String, String>> lines = List.copyOf(headers.entries());
    if (lines.size() > Opening.MOST_HEADERS) {
      throw new Refused(HandshakeRefusal.HEADERS_TOO_LONG, "the headers are too many");
    }
    Subprotocol subprotocol =
        Subprotocol.choose(list(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL), config);
    if (subprotocol == null) {
      throw new Refused(
          HandshakeRefusal.SUBPROTOCOL,
          "a subprotocol is needed, one of " + Subprotocol.list(config));
    }
    String compression =
        config.compression()
            ? Compression.accept(list(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))
            : null;
    return new Granted(
        subprotocol, accept(keys.get(0)), compression, new Opening(target, query, lines));
  }

  private boolean has(CharSequence header, String element) {
    return list(header).anyMatch(each -> each.toLowerCase(Locale.ROOT).equals(element));
  }

  /** The elements of a list, on however many lines (RFC 9110, 5.3 and 5.6.1). */
  Stream<String> list(CharSequence header) {
    return request.headers().getAll(header).stream()
        .flatMap(line -> Arrays.stream(line.split(",")))
        .map(String::strip);
  }

  private static boolean isKey(String key) {
    try {
      return key.length() == KEY_LENGTH && Base64.getDecoder().decode(key).length == KEY_OCTETS;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-1", e);
    }
  }
}
