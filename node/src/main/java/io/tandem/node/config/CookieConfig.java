package io.tandem.node.config;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that a listener gives to browsers. Scripts never see it, and it is marked as secure
 * where TLS ends here or at a proxy that is believed.
 *
 * @param name {@code tandem} unless configured
 * @param maxAge how long browsers keep it: 1 min to 400 days, more than which they do not; 30 days
 *     unless configured
 * @param sameSite from which pages browsers send it, {@link SameSite#LAX} unless configured
 * @param path below which they send it, {@code /} unless configured
 * @param domain to whose hosts they send it; null for this host alone
 */
public record CookieConfig(
    String name, Duration maxAge, SameSite sameSite, String path, @Nullable String domain) {

  static final String DEFAULT_NAME = "tandem";
  static final Duration DEFAULT_MAX_AGE = Duration.ofDays(30);
  static final String DEFAULT_PATH = "/";

  /** From which pages a browser sends it. */
  public enum SameSite {
    /** Pages of its own site. */
    STRICT,
    /** These, and where a link from elsewhere leads here. */
    LAX,
    /** All. */
    NONE;

    /** As it stands in a header. */
    public String wireName() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }
}
