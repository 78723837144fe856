package io.tandem.protocol.uri;

/** How URIs are compared, in the plainest form: the yardstick of every faster index. */
public final class Uris {

  private Uris() {}

  /**
   * Whether {@code uri} matches {@code pattern} under the policy. Compared code point by code
   * point, without normalisation (URI-03).
   */
  public static boolean matches(MatchPolicy policy, String pattern, String uri) {
    return switch (policy) {
      case EXACT -> uri.equals(pattern);
      case PREFIX -> uri.startsWith(pattern);
      case WILDCARD -> matchesWildcard(pattern, uri);
    };
  }

  /** What all URIs that match a wildcard pattern begin with. */
  public static String literalHead(String wildcard) {
    if (wildcard.isEmpty() || wildcard.charAt(0) == '.') {
      return "";
    }
    int hole = wildcard.indexOf("..");
    return hole < 0 ? wildcard : wildcard.substring(0, hole + 1);
  }

  private static boolean matchesWildcard(String pattern, String uri) {
    int p = 0;
    int u = 0;
    while (true) {
      int patternEnd = componentEnd(pattern, p);
      int uriEnd = componentEnd(uri, u);
      int length = patternEnd - p;
      if (length > 0 && (uriEnd - u != length || !uri.regionMatches(u, pattern, p, length))) {
        return false;
      }
      boolean patternDone = patternEnd == pattern.length();
      boolean uriDone = uriEnd == uri.length();
      if (patternDone || uriDone) {
        return patternDone && uriDone;
      }
      p = patternEnd + 1;
      u = uriEnd + 1;
    }
  }

  private static int componentEnd(String uri, int from) {
    int dot = uri.indexOf('.', from);
    return dot < 0 ? uri.length() : dot;
  }
}
