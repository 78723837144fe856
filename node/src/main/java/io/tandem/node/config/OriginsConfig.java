package io.tandem.node.config;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may open a WebSocket (WS-06). Browsers name the page's origin and let any page
 * connect anywhere, so a router that does not look would serve every page its user visits. Programs
 * send no Origin and are always admitted.
 *
 * @param allowed the origins admitted, in the form that browsers send, {@code *} for all; null for
 *     the rule of an unconfigured listener: on loopback, pages of this machine, on whatever port;
 *     elsewhere, pages of the host and port that the request names itself (same origin). The Host
 *     header is not trusted on loopback, since a foreign name can be made to resolve to it
 */
public record OriginsConfig(@Nullable Set<String> allowed) {

  /** The rule of a listener that says nothing else. */
  public static final OriginsConfig DEFAULT = new OriginsConfig(null);

  static final String ANY = "*";

  /** The origin of pages without one, such as files; admitted only where it is listed. */
  static final String OPAQUE = "null";

  private static final Pattern ORIGIN =
      Pattern.compile("(https?)://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(?::([0-9]{1,5}))?");

  public OriginsConfig {
    allowed = allowed == null ? null : Set.copyOf(allowed);
  }

  static boolean isOrigin(String text) {
    return text.equals(ANY) || text.equals(OPAQUE) || ORIGIN.matcher(text).matches();
  }

  /**
   * Whether a WebSocket with these headers may open.
   *
   * @param originHeader the header, or null where it is absent
   * @param hostHeader the header, or null where it is absent
   * @param loopback whether the listener can be reached from this machine only
   */
  public boolean admits(
      @Nullable String originHeader, @Nullable String hostHeader, boolean loopback) {
    if (originHeader == null) {
      return true;
    }
    String origin = originHeader.toLowerCase(Locale.ROOT);
    if (allowed != null) {
      return allowed.contains(ANY) || allowed.contains(origin);
    }
    Matcher page = ORIGIN.matcher(origin);
    if (!page.matches()) {
      return false;
    }
    return loopback
        ? Endpoint.isLoopbackHost(page.group(2))
        : hostHeader != null
            && authority(page).equals(withPort(hostHeader.toLowerCase(Locale.ROOT), page));
  }

  private static String authority(Matcher page) {
    return page.group(3) == null
        ? withPort(page.group(2), page)
        : page.group(2) + ":" + page.group(3);
  }

  /** The host with a port: its own, or the one that the page's scheme implies. */
  private static String withPort(String host, Matcher page) {
    boolean hasPort = host.lastIndexOf(':') > host.lastIndexOf(']');
    return hasPort ? host : host + (page.group(1).equals("https") ? ":443" : ":80");
  }
}
