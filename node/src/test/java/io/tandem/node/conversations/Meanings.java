package io.tandem.node.conversations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the names in a conversation stand for: {@code <news>} is whatever stands there when it is
 * first heard, and the same from then on; {@code <*>} is anything.
 */
final class Meanings {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("<([a-z0-9-]+|\\*)>");
  private static final String ANYTHING = "*";

  private final Map<String, JsonNode> known = new HashMap<>();

  void put(String name, long id) {
    known.put(name, JSON.getNodeFactory().numberNode(id));
  }

  /** The message with what the names stand for. */
  String said(String text) {
    return NAME.matcher(text)
        .replaceAll(
            name -> {
              JsonNode meaning = known.get(name.group(1));
              if (meaning == null) {
                throw new AssertionError(name.group() + " was never heard");
              }
              return Matcher.quoteReplacement(meaning.toString());
            });
  }

  /** Whether what was heard is what the text says; then what its names stand for is known. */
  boolean matches(String text, String heard) {
    return matches(parsed(NAME.matcher(text).replaceAll("\"<$1>\"")), parsed(heard));
  }

  static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + json, e);
    }
  }

  private boolean matches(JsonNode expected, JsonNode heard) {
    Matcher name = NAME.matcher(expected.asText());
    if (expected.isTextual() && name.matches()) {
      return isMeant(name.group(1), heard);
    } else if (expected.isObject()) {
      return heard.isObject() && hasSameSize(expected, heard) && allMatch(expected, heard);
    } else if (expected.isArray()) {
      return heard.isArray()
          && hasSameSize(expected, heard)
          && allMatch(expected.elements(), heard.elements());
    }
    return isSame(expected, heard);
  }

  private static boolean hasSameSize(JsonNode one, JsonNode other) {
    return one.size() == other.size();
  }

  private boolean isMeant(String name, JsonNode heard) {
    if (name.equals(ANYTHING)) {
      return true;
    }
    return isSame(known.computeIfAbsent(name, first -> heard), heard);
  }

  /** Serializers differ in how wide a number is. */
  private static boolean isSame(JsonNode one, JsonNode other) {
    boolean areWhole = one.isIntegralNumber() && other.isIntegralNumber();
    return areWhole ? one.asLong() == other.asLong() : one.equals(other);
  }

  private boolean allMatch(JsonNode expected, JsonNode heard) {
    for (Iterator<String> names = expected.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!heard.has(name) || !matches(expected.get(name), heard.get(name))) {
        return false;
      }
    }
    return true;
  }

  private boolean allMatch(Iterator<JsonNode> expected, Iterator<JsonNode> heard) {
    while (expected.hasNext()) {
      if (!matches(expected.next(), heard.next())) {
        return false;
      }
    }
    return true;
  }
}
