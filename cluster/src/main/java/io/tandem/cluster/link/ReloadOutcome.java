package io.tandem.cluster.link;

/** What came of a node that was asked to read its configuration again. */
public enum ReloadOutcome {
  /** It goes by what its file says now, which is another thing than before. */
  CHANGED("changed"),
  /** Its file says what it said before. */
  UNCHANGED("unchanged"),
  /** It has no file that it could read again. */
  NO_FILE("unchanged (no file)"),
  /** It goes by what it went by before, and says why. */
  REFUSED("refused"),
  /** It cannot be reached. */
  UNREACHABLE("unreachable"),
  /** It was asked and has not answered in time; it may yet take its file over. */
  UNANSWERED("unanswered"),
  /** Its release does not know the question. */
  TOO_OLD("too old"),
  /** It is on its way out of the cluster, and was not asked. */
  LEAVING("leaving");

  private final String words;

  ReloadOutcome(String words) {
    this.words = words;
  }

  /** For people, and in JSON. */
  public String words() {
    return words;
  }

  /** Whether the node goes by its file now, as far as it has one. */
  public boolean isTakenOver() {
    return this == CHANGED || this == UNCHANGED || this == NO_FILE;
  }

  /** Whether it is not known what the node goes by. */
  public boolean isMissing() {
    return this == UNREACHABLE || this == UNANSWERED;
  }
}
