package io.tandem.registry.sessions;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What others may know of a session (META-SES-01). Bounded: texts beyond {@link #LONGEST_TEXT} are
 * cut. Immutable.
 *
 * @param session its ID
 * @param transport what may be told of the client's transport, by name; no credentials, no headers
 */
public record SessionDetails(
    long session,
    String realm,
    String authid,
    String authrole,
    String authmethod,
    String authprovider,
    Map<String, String> transport) {

  /** In characters. */
  public static final int LONGEST_TEXT = 512;

  private static final int MOST_OF_TRANSPORT = 8;

  public SessionDetails {
    authid = brief(authid);
    authmethod = brief(authmethod);
    authprovider = brief(authprovider);
    Map<String, String> few = new LinkedHashMap<>();
    transport.entrySet().stream()
        .limit(MOST_OF_TRANSPORT)
        .forEach(each -> few.put(brief(each.getKey()), brief(each.getValue())));
    transport = Map.copyOf(few);
  }

  private static String brief(String text) {
    if (text.length() <= LONGEST_TEXT) {
      return text;
    }
    boolean splitsPair = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1));
    return text.substring(0, LONGEST_TEXT - (splitsPair ? 1 : 0));
  }
}
