package io.tandem.cluster.link;

import io.tandem.cluster.entry.Entry;
import io.tandem.protocol.message.Keys;

/** What an entry costs of the credit; sender and receiver come to the same figure. */
final class Cost {

  /** What an entry takes beside its octets: its share of a frame, its objects at the receiver. */
  static final int PER_ENTRY = 64;

  /** The room that every call brings for its final answer, and another for being canceled. */
  static final int ROOM = 512;

  private Cost() {}

  /** The cost of an entry of this length: what goes beyond the room its call has brought. */
  static long of(Entry entry, int octets) {
    long full = (long) octets + PER_ENTRY;
    return hasRoom(entry) ? Math.max(0, full - ROOM) : full;
  }

  private static boolean hasRoom(Entry entry) {
    return isFinal(entry) || entry instanceof Entry.Cancel;
  }

  /** Whether the entry ends a call at the caller's side. */
  static boolean isFinal(Entry entry) {
    return entry instanceof Entry.Failed
        || entry instanceof Entry.Refused
        || (entry instanceof Entry.Result result && !result.details().is(Keys.PROGRESS));
  }
}
