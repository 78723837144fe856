package io.tandem.node.transport;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.tandem.node.auth.Cookie;
import io.tandem.node.auth.Opening;
import io.tandem.node.config.CookieConfig;
import io.tandem.node.config.ListenerConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cookie of a connection that opens as a WebSocket: the one that the client shows, or one that
 * it is given. Any thread; a channel's own as a rule.
 */
final class OpeningCookie {

  private static final AttributeKey<Cookie> COOKIE = AttributeKey.valueOf("tandem.cookie");

  private OpeningCookie() {}

  /** The connection's; null where it has none. */
  static @Nullable Cookie of(Channel channel) {
    return channel.attr(COOKIE).get();
  }

  /**
   * Recognizes the client, or makes it known; only for a handshake that is granted, whose page may
   * connect.
   *
   * @return the line of the answer that gives the client its cookie; empty where it has one, and
   *     where the listener has none
   */
  static String recognize(Channel channel, ListenerConfig listener, Opening opening) {
    CookieConfig config = listener.cookie();
    if (config == null) {
      return "";
    }
    // Which of several is the client's own cannot be told: a page of another host of the domain may
    // have set the other one.
    List<String> shown = opening.cookies(config.name());
    if (shown.size() == 1 && Cookie.isValue(shown.get(0))) {
      channel.attr(COOKIE).set(Cookie.of(shown.get(0)));
      return "";
    }
    String value = Cookie.freshValue();
    channel.attr(COOKIE).set(Cookie.of(value));
    return "Set-Cookie: " + config.name() + "=" + value + attributes(config, channel) + "\r\n";
  }

  private static String attributes(CookieConfig config, Channel channel) {
    boolean secure = TlsSession.of(channel.pipeline()) != null || Frontier.isSecure(channel);
    return "; Max-Age="
        + config.maxAge().toSeconds()
        + ("; Path=" + config.path())
        + (config.domain() == null ? "" : "; Domain=" + config.domain())
        + "; HttpOnly"
        + (secure ? "; Secure" : "")
        + ("; SameSite=" + config.sameSite().wireName());
  }
}
