package io.tandem.bench.hostile;

/**
 * Something that strangers do to a node, until their time is over.
 *
 * @param name as it is typed
 * @param words what they do, in one line
 * @param fate what must become of them
 */
public record Attack(Group group, String name, String words, Fate fate, Plot plot) {

  /** How it goes. */
  @FunctionalInterface
  interface Plot {
    /** Begins it; the raid knows when it is over. */
    void begin(Raid raid);
  }

  @Override
  public String toString() {
    return name;
  }
}
