package io.tandem.protocol.wire;

import java.util.Arrays;

/**
 * Containers whose head says how many elements follow. Where that is not known when the head is
 * due, one octet is left for it, and what was written moves up if the head turns out longer.
 */
abstract sealed class BinaryWriter extends TokenWriter permits MsgpackWriter, CborWriter {

  private static final int KNOWN = -1;

  /** For each open container: where its head has to go, or KNOWN; then its parent's elements. */
  private int[] open = new int[8];

  private int used;

  /** Elements, or keys, so far in the innermost container. */
  private int elements;

  BinaryWriter(ByteSink out) {
    super(out);
  }

  @Override
  public final void beginList(int count) {
    begin(count, false);
  }

  @Override
  public final void endList() {
    end(false);
  }

  @Override
  public final void beginMap(int count) {
    begin(count, true);
  }

  @Override
  public final void endMap() {
    end(true);
  }

  private void begin(int count, boolean map) {
    elements++;
    if (used == open.length) {
      open = Arrays.copyOf(open, used * 2);
    }
    open[used++] = count == UNKNOWN ? out.length() : KNOWN;
    open[used++] = elements;
    elements = 0;
    if (count == UNKNOWN) {
      out.write(0);
    } else {
      head(map, count);
    }
  }

  private void end(boolean map) {
    int count = map ? elements / 2 : elements;
    elements = open[--used];
    int at = open[--used];
    if (at != KNOWN) {
      int end = out.length();
      head(map, count);
      moveHead(at, end);
    }
  }

  /** Puts the head that was appended after {@code end} where its container starts. */
  private void moveHead(int at, int end) {
    int size = out.length() - end;
    byte[] head = Arrays.copyOfRange(out.array(), end, end + size);
    out.truncate(end);
    out.insert(at, size - 1);
    System.arraycopy(head, 0, out.array(), at, size);
  }

  /** Appends the head of a container. */
  abstract void head(boolean map, int count);

  /** Counts a value or key. */
  final void item() {
    elements++;
  }

  @Override
  public final void key(byte[] utf8, int from, int to) {
    text(utf8, from, to);
  }

  @Override
  public abstract void text(byte[] utf8, int from, int to);

  @Override
  public abstract void real(double value);

  @Override
  public final void raw(byte[] bytes, int from, int to, int count) {
    elements += count;
    out.write(bytes, from, to - from);
  }
}
