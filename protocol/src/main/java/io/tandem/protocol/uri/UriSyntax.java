package io.tandem.protocol.uri;

/**
 * What a realm accepts as URI: by its rule, and only so long.
 *
 * @param maxLength in octets of UTF-8
 */
public record UriSyntax(UriRule rule, int maxLength) {

  /** The longest URI of a realm that says nothing else, and the longest name of a realm. */
  public static final int DEFAULT_LENGTH = 1 << 10;

  /** What a realm's name may be. */
  public static final UriSyntax REALM = new UriSyntax(UriRule.LOOSE, DEFAULT_LENGTH);

  /** Whether one can call or publish to it: see {@link UriRule#isUri}. */
  public boolean isUri(String uri) {
    return fits(uri) && rule.isUri(uri);
  }

  /** Whether one can subscribe to it or register it: see {@link UriRule#isPattern}. */
  public boolean isPattern(String pattern, MatchPolicy policy) {
    return fits(pattern) && rule.isPattern(pattern, policy);
  }

  /** A character is one to three octets long, four where there are two of them. */
  private boolean fits(String uri) {
    int length = uri.length();
    return length <= maxLength / 3 || (length <= maxLength && octets(uri) <= maxLength);
  }

  /** The length of the URI in octets of UTF-8; in memory it takes no more. */
  public static int octets(String uri) {
    int octets = uri.length();
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c >= 0x80) {
        octets += c >= 0x800 && !Character.isSurrogate(c) ? 2 : 1;
      }
    }
    return octets;
  }

  /**
   * Why it does not admit this one, short enough for an ERROR: that it is too long, or in words
   * that fit whatever else is wrong with it.
   */
  public String whyNot(String uri, String otherwise) {
    return fits(uri) ? otherwise : "a URI longer than " + maxLength + " octets";
  }
}
