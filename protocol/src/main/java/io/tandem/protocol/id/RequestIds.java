package io.tandem.protocol.id;

/**
 * The request IDs of one direction of one session: 1, 2, 3 and so on, after 2^53 again 1 (ID-05).
 * Belongs to the session's thread.
 */
public final class RequestIds {

  private long last;

  public RequestIds() {
    this(0);
  }

  /** Goes on after {@code last}: 0 to 2^53. */
  RequestIds(long last) {
    this.last = last;
  }

  public long next() {
    last = last == Ids.MAX ? Ids.MIN : last + 1;
    return last;
  }
}
