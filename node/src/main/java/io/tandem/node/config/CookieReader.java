package io.tandem.node.config;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;

import io.tandem.node.config.CookieConfig.SameSite;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mapping from the keys of a listener's {@code cookie} to {@link CookieConfig}. */
final class CookieReader {

  /** Browsers keep none for longer. */
  static final Type<Duration> AGE = Type.duration(ofMinutes(1), ofDays(400));

  private CookieReader() {}

  /**
   * Reads it.
   *
   * @param encrypts whether all its connections may be TLS's, here or before a proxy
   */
  static CookieConfig cookie(Section cookie, boolean encrypts) {
    String name =
        cookie.value(
            "name",
            Type.text(
                "a cookie's name, one word of at most 64 characters",
                text -> text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")),
            CookieConfig.DEFAULT_NAME);
    SameSite sameSite = cookie.value("sameSite", Type.oneOf(SameSite.class), SameSite.LAX);
    String path =
        cookie.value(
            "path",
            Type.text("a path such as /ws", text -> text.matches("/[A-Za-z0-9._~/-]{0,200}")),
            CookieConfig.DEFAULT_PATH);
    String domain =
        cookie.optional(
            "domain",
            Type.text(
                "a domain such as example.com, in lower case",
                text -> text.matches("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63}){1,20}")));
    boolean isHosts = name.startsWith("__Host-");
    cookie.check(
        encrypts || !(isHosts || name.startsWith("__Secure-")),
        "name",
        "browsers take such a cookie over TLS only: the listener needs tls, or proxy.tls");
    cookie.check(
        !isHosts || (path.equals("/") && domain == null),
        "name",
        "browsers take such a cookie for the path / only, and without a domain",
        "path",
        "domain");
    cookie.check(
        encrypts || sameSite != SameSite.NONE,
        "sameSite",
        "browsers take such a cookie over TLS only: the listener needs tls, or proxy.tls");
    return new CookieConfig(
        name, cookie.value("maxAge", AGE, CookieConfig.DEFAULT_MAX_AGE), sameSite, path, domain);
  }

  /** Whether pages that nobody has named may connect, who would come in by what browsers send. */
  static boolean admitsStrangers(OriginsConfig origins) {
    Set<String> allowed = origins.allowed();
    return allowed != null
        && (allowed.contains(OriginsConfig.ANY) || allowed.contains(OriginsConfig.OPAQUE));
  }

  /** Whether no connection of such a listener has to be in plain text. */
  static boolean encrypts(@Nullable TlsConfig tls, @Nullable ProxyConfig proxy) {
    return tls != null || (proxy != null && proxy.tls());
  }
}
