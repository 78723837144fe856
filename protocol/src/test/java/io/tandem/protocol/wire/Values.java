package io.tandem.protocol.wire;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Arguments drawn from a seed: every Java type that a payload knows, nested. */
final class Values {

  private static final String[] CHARACTERS = {
    "a",
    "Z",
    "7",
    " ",
    "\"",
    "\\",
    "/",
    "\b",
    "\n",
    "\t",
    "\u001f",
    "\u007f",
    "é",
    "ß",
    "€",
    "한",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "😀",
    "𝄞",
    "plain ascii text"
  };

  private final Random random;

  Values(long seed) {
    random = new Random(seed);
  }

  List<Object> args() {
    return list(3);
  }

  Map<String, Object> kwargs() {
    return map(2);
  }

  private List<Object> list(int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      list.add(value(depth - 1));
    }
    return list;
  }

  private Map<String, Object> map(int depth) {
    Map<String, Object> map = new HashMap<>();
    for (int i = random.nextInt(28); i > 0; i--) {
      map.put(text(), value(depth - 1));
    }
    return map;
  }

  private Object value(int depth) {
    int kinds = depth > 0 ? 12 : 10;
    return switch (random.nextInt(kinds)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> (long) random.nextInt(300) - 150;
      case 3 -> (long) random.nextInt(140_000) - 70_000;
      case 4 -> random.nextLong() >> random.nextInt(64);
      // Between 2^63 and 2^64: what every serializer can carry beyond a long.
      case 5 -> new BigInteger(63, random).setBit(63);
      case 6 -> random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300.0);
      case 7 -> (double) random.nextInt(100);
      case 8 -> text();
      case 9 -> octets();
      case 10 -> list(depth);
      default -> map(depth);
    };
  }

  private byte[] octets() {
    byte[] octets = new byte[random.nextInt(random.nextInt(10) == 0 ? 70_000 : 50)];
    random.nextBytes(octets);
    return octets;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(random.nextInt(50) == 0 ? 500 : 20); i > 0; i--) {
      text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }
}
