package io.tandem.client;

import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a router listens and how it is spoken to.
 *
 * @param transport WebSocket or RawSocket
 * @param socket the address to connect to, TCP or Unix
 * @param tls whether the transport is encrypted
 * @param host the name for the Host header and for checking the certificate
 * @param path the path of the WebSocket; empty for RawSocket
 */
public record RouterAddress(
    Transport transport, SocketAddress socket, boolean tls, String host, String path) {

  /** The transports a client can open. */
  public enum Transport {
    WEBSOCKET,
    RAWSOCKET
  }

  /**
   * Reads a URL:
   *
   * <ul>
   *   <li>{@code ws://host[:port][/path]} and {@code wss://}: WebSocket, port 80 or 443, path "/"
   *   <li>{@code rs://host:port} and {@code rss://}: RawSocket
   *   <li>{@code unix:/path}, {@code unix:///path} or {@code rs+unix:///path}: RawSocket over a
   *       Unix socket
   * </ul>
   *
   * @throws IllegalArgumentException with a sentence that quotes the URL
   */
  public static RouterAddress parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException notAUrl) {
      throw new IllegalArgumentException("not a URL: " + url, notAUrl);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    return switch (scheme) {
      case "ws" -> tcp(uri, Transport.WEBSOCKET, false, 80);
      case "wss" -> tcp(uri, Transport.WEBSOCKET, true, 443);
      case "rs" -> tcp(uri, Transport.RAWSOCKET, false, -1);
      case "rss" -> tcp(uri, Transport.RAWSOCKET, true, -1);
      case "unix", "rs+unix" -> unix(uri);
      default ->
          throw new IllegalArgumentException(
              "a router's URL starts with ws, wss, rs, rss, unix or rs+unix: " + url);
    };
  }

  private static RouterAddress tcp(URI uri, Transport transport, boolean tls, int defaultPort) {
    int port = uri.getPort() == -1 ? defaultPort : uri.getPort();
    if (uri.getHost() == null || port < 1 || port > 65_535) {
      throw new IllegalArgumentException("a host and a port (1 to 65535) are needed: " + uri);
    }
    // A literal IPv6 address stands in brackets in a URL, and only there.
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    return new RouterAddress(
        transport, SocketAddress.inetSocketAddress(port, host), tls, host, path(uri, transport));
  }

  /** The host as URLs and the Host header have it: a literal IPv6 address in brackets. */
  public String authorityHost() {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  private static String path(URI uri, Transport transport) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (transport == Transport.RAWSOCKET) {
      if (path.length() > 1) {
        throw new IllegalArgumentException("RawSocket has no path: " + uri);
      }
      return "";
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return (path.isEmpty() ? "/" : path) + query;
  }

  private static RouterAddress unix(URI uri) {
    String file = uri.getPath();
    if (file == null || file.length() < 2 || uri.getHost() != null) {
      throw new IllegalArgumentException("an absolute path is needed, as in unix:/path: " + uri);
    }
    return new RouterAddress(
        Transport.RAWSOCKET, SocketAddress.domainSocketAddress(file), false, "localhost", "");
  }
}
