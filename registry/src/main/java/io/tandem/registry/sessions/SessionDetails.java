package io.tandem.registry.sessions;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What others may know of a session (META-SES-01). Bounded: texts beyond {@link #LONGEST_TEXT} are
 * cut. Immutable.
 *
 * @param session its ID
 * @param transport what may be told of the client's transport, by name; no credentials, no headers
 * @param more what others have said of it since it joined, by name: {@link #MOST_MORE} at most
 */
public record SessionDetails(
    long session,
    String realm,
    String authid,
    String authrole,
    String authmethod,
    String authprovider,
    Map<String, String> transport,
    Map<String, String> more) {

  /** In characters. */
  public static final int LONGEST_TEXT = 512;

  /** What may be said of a session beyond how it joined. */
  public static final int MOST_MORE = 16;

  private static final int MOST_OF_TRANSPORT = 8;

  /** One of which nothing more is said. */
  public SessionDetails(
      long session,
      String realm,
      String authid,
      String authrole,
      String authmethod,
      String authprovider,
      Map<String, String> transport) {
    this(session, realm, authid, authrole, authmethod, authprovider, transport, Map.of());
  }

  public SessionDetails {
    authid = brief(authid);
    authmethod = brief(authmethod);
    authprovider = brief(authprovider);
    transport = few(transport, MOST_OF_TRANSPORT);
    more = few(more, MOST_MORE);
  }

  private static Map<String, String> few(Map<String, String> all, int most) {
    Map<String, String> few = new LinkedHashMap<>();
    all.entrySet().stream()
        .limit(most)
        .forEach(each -> few.put(brief(each.getKey()), brief(each.getValue())));
    return Map.copyOf(few);
  }

  private static String brief(String text) {
    if (text.length() <= LONGEST_TEXT) {
      return text;
    }
    boolean splitsPair = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1));
    return text.substring(0, LONGEST_TEXT - (splitsPair ? 1 : 0));
  }
}
