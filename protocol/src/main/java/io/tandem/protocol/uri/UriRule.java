package io.tandem.protocol.uri;

/**
 * What a realm accepts as URI (URI-01, URI-02). Scanned by hand: these checks stand on the path of
 * every message.
 */
public enum UriRule {
  /** Components hold anything but whitespace, {@code #} and the dot: the default. */
  LOOSE {
    @Override
    boolean allows(int codePoint) {
      return codePoint != '#' && !isWhitespace(codePoint);
    }
  },
  /** Components hold lower-case ASCII letters, digits and underscores. */
  STRICT {
    @Override
    boolean allows(int codePoint) {
      return (codePoint >= 'a' && codePoint <= 'z')
          || (codePoint >= '0' && codePoint <= '9')
          || codePoint == '_';
    }
  };

  /** Whether the code point may stand in a component; never asked for the dot. */
  abstract boolean allows(int codePoint);

  /** A URI one can call or publish to: no component is empty (URI-04). */
  public boolean isUri(String uri) {
    return scan(uri, false, false);
  }

  /**
   * A URI to subscribe to or register under this policy: of a prefix the last component may be
   * empty (URI-05), of a wildcard pattern any (URI-06).
   */
  public boolean isPattern(String pattern, MatchPolicy policy) {
    return switch (policy) {
      case EXACT -> scan(pattern, false, false);
      case PREFIX -> scan(pattern, false, true);
      case WILDCARD -> scan(pattern, true, true);
    };
  }

  /** A single component, as role names and authentication methods are. */
  public boolean isName(String name) {
    return name.indexOf('.') < 0 && isUri(name);
  }

  private boolean scan(String uri, boolean anyEmpty, boolean lastEmpty) {
    int componentStart = 0;
    int length = uri.length();
    for (int i = 0; i < length; ) {
      int c = uri.charAt(i);
      if (c == '.') {
        if (i == componentStart && !anyEmpty) {
          return false;
        }
        componentStart = ++i;
      } else {
        if (Character.isSurrogate((char) c)) {
          c = uri.codePointAt(i);
        }
        if (!allows(c)) {
          return false;
        }
        i += Character.charCount(c);
      }
    }
    return lastEmpty || componentStart < length;
  }

  /** Unicode's White_Space property, which {@link Character#isWhitespace} is not. */
  private static boolean isWhitespace(int c) {
    if (c < 0x80) {
      return c == ' ' || (c >= '\t' && c <= '\r');
    }
    return c == 0x85
        || c == 0xA0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200A)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }
}
