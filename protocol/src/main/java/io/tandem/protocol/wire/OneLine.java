package io.tandem.protocol.wire;

/**
 * Text of others on a line of ours: in a log, on a terminal. Whatever would begin another line,
 * move the cursor, or turn the direction of writing is shown as JSON would escape it, so that
 * nobody can write lines in our name.
 */
public final class OneLine {

  private OneLine() {}

  /** The text, with what is no plain character escaped. */
  public static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        return escaped(text);
      }
    }
    return text;
  }

  private static String escaped(String text) {
    StringBuilder line = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (isPlain(c)) {
            line.append(c);
          } else {
            line.append(String.format("\\u%04x", (int) c));
          }
        }
      }
    }
    return line.toString();
  }

  private static boolean isPlain(char c) {
    return !(Character.isISOControl(c)
        // separators of lines and paragraphs
        || c == '\u2028'
        || c == '\u2029'
        // marks, embeddings, overrides and isolates of the direction of writing
        || c == '\u061C'
        || (c >= '\u200E' && c <= '\u200F')
        || (c >= '\u202A' && c <= '\u202E')
        || (c >= '\u2066' && c <= '\u2069'));
  }
}
