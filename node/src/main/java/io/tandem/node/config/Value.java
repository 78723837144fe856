package io.tandem.node.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A value that stands in the document, with its place. */
record Value(Reading reading, String path, Node node) {

  private static final int LONGEST_QUOTE = 60;

  private static final Map<Tag, String> KINDS =
      Map.of(
          Tag.STR, "text",
          Tag.INT, "a number",
          Tag.FLOAT, "a number",
          Tag.BOOL, "true or false",
          Tag.MAP, "a mapping",
          Tag.SEQ, "a list");

  /** The text of a scalar of this kind, or null when the value is of another. */
  @Nullable String scalar(Tag kind) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(kind)
        ? scalar.getValue()
        : null;
  }

  /** The mapping, or null after a problem. */
  @Nullable MappingNode mapping() {
    if (node instanceof MappingNode mapping && node.getTag().equals(Tag.MAP)) {
      return mapping;
    }
    problem("expected a mapping, found " + kind());
    return null;
  }

  /** The list, or null after a problem. */
  @Nullable SequenceNode list() {
    if (node instanceof SequenceNode list && node.getTag().equals(Tag.SEQ)) {
      return list;
    }
    problem("expected a list, found " + kind());
    return null;
  }

  /** Records that the value is not of its type. */
  void mismatch(String expected) {
    if (node instanceof ScalarNode scalar && KINDS.containsKey(node.getTag())) {
      boolean unquoted = expected.startsWith("text") && !node.getTag().equals(Tag.STR);
      problem(
          "expected "
              + expected
              + ", found "
              + quote(scalar.getValue())
              + (unquoted ? ", which is " + kind() + ": put it in quotes" : ""));
    } else {
      problem("expected " + expected + ", found " + kind());
    }
  }

  /** An element of this list. */
  Value at(int index, Node element) {
    return new Value(reading, path + "[" + index + "]", element);
  }

  void problem(String message) {
    reading.problem(node, path, message);
  }

  /** What the value is, without showing it. */
  private String kind() {
    if (node.getTag().equals(Tag.NULL)) {
      return "nothing: a key without a value does not mean its default";
    }
    String known = KINDS.get(node.getTag());
    return known == null ? "a value tagged " + quote(node.getTag().getValue()) : known;
  }

  /** A piece of the document for a message: one line, bounded. */
  static String quote(String text) {
    String head = text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
    return "'" + head.replaceAll("\\p{Cntrl}", "?") + "'";
  }
}
