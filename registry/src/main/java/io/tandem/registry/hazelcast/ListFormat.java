package io.tandem.registry.hazelcast;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The format of a value that is a list of parts under a head: head fields, number of parts, each
 * part as a block, a tail of fields that came later, then what later releases append. A part that a
 * rewrite keeps is copied octet by octet, with all that later releases know about it.
 *
 * @param <V> the value
 * @param <P> one of its parts
 */
abstract class ListFormat<V, P> implements ValueFormat<V> {

  private final ValueFormat<P> parts;

  ListFormat(ValueFormat<P> parts) {
    this.parts = parts;
  }

  /** Writes the fields before the parts. */
  abstract void writeHead(V value, RecordOutput out);

  abstract List<P> parts(V value);

  /** Writes the fields behind the parts, which later releases have appended. */
  void writeTail(V value, RecordOutput out) {}

  /** Reads them; where there are none the value is of an earlier release. */
  V readTail(V value, RecordInput in) {
    return value;
  }

  /**
   * Writes them where they take the place of others.
   *
   * @param old what stood there, read without them
   */
  void rewriteTail(V value, V old, RecordInput before, RecordOutput out) {}

  /** Reads the fields before the parts; what comes out makes a value of them and the parts. */
  abstract Function<List<P>, V> readHead(RecordInput in);

  @Override
  public final V read(RecordInput in) {
    Function<List<P>, V> head = readHead(in);
    int count = in.count();
    List<P> list = new ArrayList<>(count);
    while (list.size() < count) {
      list.add(parts.read(new RecordInput(in.block())));
    }
    return readTail(head.apply(list), in);
  }

  @Override
  public final void write(V value, RecordOutput out) {
    write(value, Map.of(), out);
    writeTail(value, out);
  }

  @Override
  public final void rewrite(V value, RecordInput before, RecordOutput out) {
    Function<List<P>, V> head = readHead(before);
    Map<P, byte[]> known = new HashMap<>();
    for (int count = before.count(); count > 0; count--) {
      byte[] block = before.block();
      known.put(parts.read(new RecordInput(block)), block);
    }
    write(value, known, out);
    rewriteTail(value, head.apply(List.of()), before, out);
    out.raw(before.rest());
  }

  private void write(V value, Map<P, byte[]> known, RecordOutput out) {
    writeHead(value, out);
    List<P> list = parts(value);
    out.number(list.size());
    for (P part : list) {
      byte[] block = known.get(part);
      out.block(block == null ? fresh(part) : block);
    }
  }

  private byte[] fresh(P part) {
    RecordOutput block = new RecordOutput();
    parts.write(part, block);
    return block.toByteArray();
  }
}
