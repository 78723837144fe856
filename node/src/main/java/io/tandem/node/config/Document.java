package io.tandem.node.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A YAML text on its way to nodes with marks. Depth and number of values, aliases counted as often
 * as they are used, are bounded before a node is made: the composer recurses, and an alias costs
 * its author one line and its reader a whole subtree.
 */
final class Document {

  static final int MAX_DEPTH = 32;
  static final int MAX_VALUES = 100_000;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setSchema(new CoreSchema()).build();

  private final Reading reading;
  private final String text;

  /** Where the latest event began. */
  private int lastLine;

  Document(Reading reading, String text) {
    this.reading = reading;
    this.text = text;
  }

  /** The root, or null after a problem. */
  @Nullable Node root() {
    try {
      if (!isPrintable() || !isBounded()) {
        return null;
      }
      Optional<Node> root = new Compose(SETTINGS).composeString(text);
      if (root.isEmpty()) {
        reading.problem(0, 0, "", "the document is empty: listeners and realms are required");
      }
      return root.orElse(null);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      reading.problem(
          mark.map(Mark::getLine).orElse(0),
          mark.map(Mark::getColumn).orElse(0),
          "",
          "not YAML: " + e.getProblem());
    } catch (RuntimeException e) {
      // Without a mark, or a slip of the parser such as NumberFormatException for "\x" at the end.
      reading.problem(lastLine, 0, "", "not YAML from here on: " + e.getMessage());
    }
    return null;
  }

  /** The parser refuses such characters too, but does not say reliably where they are. */
  private boolean isPrintable() {
    int line = 0;
    int lineStart = 0;
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      int c = text.codePointAt(i);
      if (!StreamReader.isPrintable(c)) {
        reading.problem(
            line, i - lineStart, "", "not YAML: the character U+%04X is not allowed".formatted(c));
        return false;
      }
      if (c == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return true;
  }

  private boolean isBounded() {
    Deque<Collection> open = new ArrayDeque<>();
    Map<Anchor, Integer> sizes = new HashMap<>();
    int values = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      lastLine = event.getStartMark().orElseThrow().getLine();
      if (event instanceof AliasEvent alias) {
        if (open.stream().anyMatch(collection -> collection.isNamed(alias.getAlias()))) {
          return refuse(event, "an alias inside of what it stands for");
        }
        values += sizes.getOrDefault(alias.getAlias(), 1);
      } else if (event instanceof NodeEvent node) {
        values++;
        node.getAnchor().ifPresent(anchor -> sizes.put(anchor, 1));
        if (event instanceof CollectionStartEvent) {
          open.push(new Collection(node.getAnchor(), values));
        }
      } else if (event instanceof CollectionEndEvent) {
        Collection closed = open.pop();
        int size = values - closed.valuesBefore + 1;
        closed.anchor.ifPresent(anchor -> sizes.put(anchor, size));
      }
      if (open.size() > MAX_DEPTH) {
        return refuse(event, "nested more than " + MAX_DEPTH + " deep");
      }
      if (values > MAX_VALUES) {
        return refuse(event, "more than " + MAX_VALUES + " values, aliases followed");
      }
    }
    return true;
  }

  private boolean refuse(Event event, String message) {
    reading.problem(lastLine, event.getStartMark().orElseThrow().getColumn(), "", message);
    return false;
  }

  /**
   * A list or mapping whose end has not come yet.
   *
   * @param valuesBefore how many values there were when it began, itself included
   */
  private record Collection(Optional<Anchor> anchor, int valuesBefore) {

    boolean isNamed(Anchor name) {
      return anchor.isPresent() && anchor.get().equals(name);
    }
  }
}
