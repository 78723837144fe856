package io.tandem.node.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping of the document, asked key by key. Whatever is wrong is recorded and a stand-in handed
 * out, so that reading goes on and finds the rest; keys nobody asked for are problems at the end.
 * Owned by one {@link Reading}.
 */
final class Section {

  private static final String SOME = "a list, not empty";

  private final Reading reading;
  private final String path;

  /** Where the section stands, or, while it is absent, what it would stand in. */
  private final Node place;

  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
  private final Set<String> failed = new HashSet<>();

  private Section(Reading reading, String path, Node place) {
    this.reading = reading;
    this.path = path;
    this.place = place;
  }

  /** Reads the whole document. */
  static <T> @Nullable T root(Reading reading, Node document, Function<Section, T> reader) {
    return read(new Value(reading, "", document), reader);
  }

  /** The value of a key, or {@code otherwise} where it is absent or wrong. */
  <T> T value(String key, Type<T> type, T otherwise) {
    T read = read(key, type, type.show(otherwise));
    return read == null ? otherwise : read;
  }

  /** The value of a key, or null where it is absent or wrong. */
  <T> @Nullable T optional(String key, Type<T> type) {
    return read(key, type, "");
  }

  /** The value of a key that must be there; the stand-in only ever accompanies a problem. */
  <T> T required(String key, Type<T> type, T standIn) {
    T read = read(key, type, "required");
    if (!entries.containsKey(key)) {
      missing(key, type.expected());
    }
    return read == null ? standIn : read;
  }

  /** A section without required keys; where it is absent or wrong, each key has its default. */
  <T> T section(String key, Function<Section, T> reader) {
    T read = optionalSection(key, reader);
    return read == null ? reader.apply(new Section(reading, at(key), place)) : read;
  }

  /** A section, or null where it is absent or wrong. */
  <T> @Nullable T optionalSection(String key, Function<Section, T> reader) {
    reading.asked(at(key), new Reading.Key("a mapping", ""));
    NodeTuple entry = entries.get(key);
    return entry == null ? null : read(new Value(reading, at(key), entry.getValueNode()), reader);
  }

  /** A section that must be there; the stand-in only ever accompanies a problem. */
  <T> T requiredSection(String key, Function<Section, T> reader, T standIn) {
    T read = optionalSection(key, reader);
    if (!entries.containsKey(key)) {
      missing(key, "a mapping");
    }
    return read == null ? standIn : read;
  }

  /** A list of sections; at least so many must be there. */
  <T> List<T> sections(String key, int atLeast, Function<Section, T> reader) {
    return atLeast == 0
        ? sections(key, "a list", "[]", 0, reader)
        : sections(key, SOME, "required", atLeast, reader);
  }

  /** A list of sections that is not empty, or an empty one where it is absent or wrong. */
  <T> List<T> optionalSections(String key, Function<Section, T> reader) {
    return sections(key, SOME, "", 1, reader);
  }

  private <T> List<T> sections(
      String key, String expected, String otherwise, int atLeast, Function<Section, T> reader) {
    reading.asked(at(key), new Reading.Key(expected, otherwise));
    NodeTuple entry = entries.get(key);
    if (entry == null) {
      if (otherwise.equals("required")) {
        missing(key, expected);
      }
      return List.of();
    }
    Value value = new Value(reading, at(key), entry.getValueNode());
    SequenceNode list = value.list();
    if (list == null) {
      return List.of();
    }
    if (list.getValue().size() < atLeast) {
      value.problem("expected " + expected + ", found an empty list");
    }
    List<T> sections = new ArrayList<>();
    for (int i = 0; i < list.getValue().size(); i++) {
      T read = read(value.at(i, list.getValue().get(i)), reader);
      if (read != null) {
        sections.add(read);
      }
    }
    return sections;
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  String path() {
    return path;
  }

  /** Where it stands, such as {@code node.yaml:12}. */
  String place() {
    return reading.place(place);
  }

  /**
   * Records a problem with a key unless the condition holds; says nothing where that key, or
   * another that the condition rests on, is wrong in itself.
   */
  void check(boolean holds, String key, String message, String... restsOn) {
    if (!holds && !failed.contains(key) && failed.stream().noneMatch(List.of(restsOn)::contains)) {
      NodeTuple entry = entries.get(key);
      reading.problem(entry == null ? place : entry.getValueNode(), at(key), message);
      failed.add(key);
    }
  }

  private <T> @Nullable T read(String key, Type<T> type, String otherwise) {
    reading.asked(at(key), new Reading.Key(type.expected(), otherwise));
    NodeTuple entry = entries.get(key);
    if (entry == null) {
      return null;
    }
    T read = type.read(new Value(reading, at(key), entry.getValueNode()));
    if (read == null) {
      failed.add(key);
    }
    return read;
  }

  private static <T> @Nullable T read(Value value, Function<Section, T> reader) {
    MappingNode mapping = value.mapping();
    if (mapping == null) {
      return null;
    }
    Section section = new Section(value.reading(), value.path(), mapping);
    mapping.getValue().forEach(section::add);
    T read = reader.apply(section);
    section.refuseUnknownKeys();
    return read;
  }

  private void add(NodeTuple entry) {
    if (!(entry.getKeyNode() instanceof ScalarNode scalar)) {
      reading.problem(entry.getKeyNode(), path, "a key must be a single word");
      return;
    }
    String key = scalar.getValue();
    NodeTuple earlier = entries.putIfAbsent(key, entry);
    if (earlier != null) {
      int line = earlier.getKeyNode().getStartMark().orElseThrow().getLine() + 1;
      reading.problem(scalar, at(shown(key)), "is already set in line " + line);
    }
  }

  private void refuseUnknownKeys() {
    Vocabulary known = Vocabulary.below(reading.vocabulary().keySet(), path);
    entries.forEach(
        (key, entry) -> {
          if (!known.contains(key)) {
            reading.problem(entry.getKeyNode(), at(shown(key)), known.unknown(key));
          }
        });
  }

  private void missing(String key, String expected) {
    failed.add(key);
    reading.problem(place, at(key), "is required: " + expected);
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** A key as it stands in the document may be of any length and content. */
  private static String shown(String key) {
    return key.matches("[\\w<.-]{1,60}") ? key : Value.quote(key);
  }
}
