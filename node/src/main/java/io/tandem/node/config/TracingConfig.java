package io.tandem.node.config;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a node tells what becomes of calls and publications, as spans of OpenTelemetry.
 *
 * @param endpoint that takes spans as OTLP over HTTP: an http or https URL
 * @param oneIn of messages that belong to no trace one in so many begins one: 1 to 1,000,000, 100
 *     unless configured; 0 for none
 */
public record TracingConfig(String endpoint, int oneIn) {

  static final int DEFAULT_ONE_IN = 100;

  /** Without a name and a password, which would stand in the file, and in logs. */
  static boolean isEndpoint(String text) {
    try {
      URI url = new URI(text);
      return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
