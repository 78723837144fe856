package io.tandem.cluster.link;

import java.util.ArrayList;
import java.util.List;

/**
 * What a node says of reading its configuration again. Bounded, whoever made it: what is too long
 * is cut off.
 *
 * @param digest of the configuration that it goes by after it; empty where that is not known
 * @param texts what has changed, or why nothing has; one line each
 */
public record ReloadResult(ReloadOutcome outcome, String digest, List<String> texts) {

  /** As many texts as an answer has; the last one says how many were left out. */
  public static final int MOST_TEXTS = 32;

  /** As many characters as a text has. */
  public static final int LONGEST_TEXT = 400;

  private static final int LONGEST_DIGEST = 64;

  public ReloadResult {
    digest = cut(digest, LONGEST_DIGEST);
    texts = bounded(texts);
  }

  private static List<String> bounded(List<String> texts) {
    boolean tooMany = texts.size() > MOST_TEXTS;
    List<String> kept = new ArrayList<>();
    for (String text : texts.subList(0, tooMany ? MOST_TEXTS - 1 : texts.size())) {
      kept.add(cut(text, LONGEST_TEXT));
    }
    if (tooMany) {
      kept.add("and " + (texts.size() - kept.size()) + " more");
    }
    return List.copyOf(kept);
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
  }

  /** One that says nothing but this. */
  public static ReloadResult of(ReloadOutcome outcome) {
    return new ReloadResult(outcome, "", List.of());
  }
}
