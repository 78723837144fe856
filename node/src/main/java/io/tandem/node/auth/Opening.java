package io.tandem.node.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP request that a transport began with, as the client wrote it. Its size is bounded where
 * it is read: 4 KiB of target, 8 KiB and {@link #MOST_HEADERS} lines of headers. Immutable.
 */
public final class Opening {

  /** Header lines of a request; more are refused. */
  public static final int MOST_HEADERS = 100;

  private final String path;
  private final @Nullable String query;

  /** Names and values in turn, which takes less than a map. */
  private final String[] headers;

  /**
   * @param path what was asked for, as it was written, without the query
   * @param query what followed {@code ?}; null where nothing did
   * @param headers the lines, in the order in which they came
   */
  public Opening(String path, @Nullable String query, List<Map.Entry<String, String>> headers) {
    this.path = path;
    this.query = query;
    this.headers = new String[2 * headers.size()];
    for (int i = 0; i < headers.size(); i++) {
      this.headers[2 * i] = headers.get(i).getKey();
      this.headers[2 * i + 1] = headers.get(i).getValue();
    }
  }

  public String path() {
    return path;
  }

  public @Nullable String query() {
    return query;
  }

  /** The values of a header, whose name is written in upper or lower case, line by line. */
  public List<String> headers(String name) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equalsIgnoreCase(name)) {
        values.add(headers[i + 1]);
      }
    }
    return values;
  }

  /**
   * The values of the cookies of this name (RFC 6265, 4.2.1), without quotes around them. More than
   * one where somebody has set it for several paths or domains: which to believe is not known here.
   */
  public List<String> cookies(String name) {
    List<String> values = new ArrayList<>();
    for (String line : headers("Cookie")) {
      for (String pair : line.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals >= 0 && pair.substring(0, equals).strip().equals(name)) {
          values.add(unquoted(pair.substring(equals + 1).strip()));
        }
      }
    }
    return values;
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  /** For logs; neither headers nor query, which may be secrets. */
  @Override
  public String toString() {
    return "Opening of " + path;
  }
}
