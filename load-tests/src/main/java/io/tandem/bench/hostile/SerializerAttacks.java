package io.tandem.bench.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tandem.bench.hostile.Attack.Plot;
import io.tandem.protocol.wire.Serializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Octets that are no messages, or messages that are dear to read. */
final class SerializerAttacks {

  private static final String ABORT = "ABORT wamp.error.protocol_violation";
  private static final String INVALID = "ERROR wamp.error.invalid_argument";
  private static final String NOBODY = "ERROR wamp.error.no_such_procedure";

  private static final Approach JSON = Approach.rawSocket(Serializer.JSON);
  private static final Approach MSGPACK = Approach.rawSocket(Serializer.MSGPACK);
  private static final Approach CBOR = Approach.rawSocket(Serializer.CBOR);

  private static final String CALL = "[48,1,{},\"com.hostile.nobody\",[";

  /** {@code [48, 1, {}, "com.hostile.nobody", } in MessagePack and in CBOR. */
  private static final String MSGPACK_CALL = "95300180b2" + hex("com.hostile.nobody");

  private static final String CBOR_CALL = "85183001a072" + hex("com.hostile.nobody");

  private SerializerAttacks() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "deep-arguments",
            "calls whose arguments are 100,000 lists inside each other",
            Fate.told(INVALID),
            raid -> {
              int deep = 100_000;
              raid.probe(
                  JSON.joined(),
                  Plots.messages(
                      CALL + "[".repeat(deep) + "]".repeat(deep) + "]]",
                      CALL + "{\"a\":".repeat(deep) + "1" + "}".repeat(deep) + "]]"));
              raid.probe(
                  MSGPACK.joined(),
                  Plots.messages(octets(MSGPACK_CALL + "91".repeat(deep) + "90")));
              raid.probe(
                  CBOR.joined(), Plots.messages(octets(CBOR_CALL + "81".repeat(deep) + "80")));
            }),
        attack(
            "deep-options",
            "HELLOs and options nested 10,000 deep",
            Fate.told(ABORT),
            raid -> {
              String deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
              raid.probe(JSON, Plots.messages("[1,\"realm1\"," + deep + "]"));
              raid.probe(JSON.joined(), Plots.messages("[16,1," + deep + ",\"com.hostile\"]"));
            }),
        attack(
            "number-bombs",
            "numbers of a million digits, or with exponents of thousands",
            Fate.told(INVALID, NOBODY),
            Plots.probe(
                JSON.joined(),
                Plots.messages(
                    CALL + "1".repeat(900_000) + "]]",
                    CALL + "1e99999" + "]]",
                    CALL + "1e-99999" + "]]",
                    CALL + "0." + "3".repeat(900_000) + "]]",
                    CALL + "-" + "9".repeat(999) + "]]",
                    CALL + "1e" + "9".repeat(900) + "]]"))),
        attack(
            "number-bombs-as-ids",
            "request IDs of a million digits, or that are no integers",
            Fate.told(ABORT),
            Plots.probe(
                JSON.joined(),
                Plots.messages(
                    "[48," + "1".repeat(900_000) + ",{},\"com.hostile.x\"]",
                    "[48,1.5,{},\"com.hostile.x\"]",
                    "[48,1e99999,{},\"com.hostile.x\"]",
                    "[4e1,1,{},\"com.hostile.x\"]"))),
        attack(
            "repeated-keys",
            "dictionaries of the protocol with a key that stands twice",
            Fate.told(ABORT),
            raid -> {
              raid.probe(JSON, Plots.messages("[1,\"realm1\",{\"roles\":{},\"roles\":{}}]"));
              raid.probe(
                  JSON.joined(),
                  Plots.messages(
                      "[16,1,{\"acknowledge\":true,\"acknowledge\":false},\"com.hostile\"]",
                      "[16,1,{\"a\":{\"b\":1,\"b\":2}},\"com.hostile\"]"));
            }),
        attack(
            "colliding-keys",
            "options, and arguments for another serializer, with keys of one hash code",
            Fate.served(),
            raid -> {
              raid.begin(MSGPACK.joined(), SerializerAttacks::listen);
              String keys = keys(4_000);
              String many = keys(16_000);
              raid.session(
                  enemy ->
                      raid.send(
                          enemy,
                          Integer.MAX_VALUE,
                          i -> "[16,%d,{%s},\"com.hostile\"]".formatted(i, keys)));
              raid.session(
                  enemy ->
                      raid.send(
                          enemy,
                          Integer.MAX_VALUE,
                          i -> "[16,%d,{},\"com.hostile.heard\",[],{%s}]".formatted(i, many)));
            }),
        attack(
            "big-dictionaries",
            "options with 50,000 values, HELLOs with 5,000 unknown keys",
            Fate.told(ABORT, INVALID, "ERROR wamp.error.option_not_allowed"),
            raid -> {
              raid.probe(JSON, Plots.messages("[1,\"realm1\",{\"roles\":{}," + keys(5_000) + "}]"));
              raid.probe(
                  JSON.joined(),
                  Plots.messages(
                      "[16,1,{\"acknowledge\":true,\"exclude\":["
                          + "1,".repeat(50_000)
                          + "1]},\"com.hostile\"]"));
            }),
        attack(
            "broken-utf8",
            "texts that are no UTF-8, in keys, URIs and arguments, in all serializers",
            Fate.told(ABORT, INVALID),
            raid -> {
              raid.probe(
                  JSON.joined(),
                  Plots.messages(
                      broken("[48,1,{},\"com.", "\"]"),
                      broken("[48,1,{\"", "\":1},\"com.x\"]"),
                      broken(CALL + "\"", "\"]]")));
              raid.probe(
                  MSGPACK.joined(),
                  Plots.messages(octets("94300180a2c0af"), octets(MSGPACK_CALL + "91a2c0af")));
              raid.probe(
                  CBOR.joined(),
                  Plots.messages(octets("84183001a062c0af"), octets(CBOR_CALL + "8162c0af")));
            }),
        attack(
            "escapes",
            "lone surrogates, unknown escapes and control characters in JSON",
            Fate.told(ABORT),
            Plots.probe(
                JSON.joined(),
                Plots.messages(
                    "[48,1,{},\"com.\\ud800\"]",
                    "[48,1,{},\"com.\\x\"]",
                    "[48,1,{},\"com.\\u12\"]",
                    "[48,1,{},\"com.\u0001\"]",
                    "[48,1,{},\"com.x"))),
        attack(
            "claimed-lengths",
            "lists, maps, texts and octets that claim 2^32 elements and more",
            Fate.told(ABORT),
            raid -> {
              raid.probe(
                  MSGPACK.joined(),
                  Plots.messages(
                      octets("ddffffffff"),
                      octets("dfffffffff"),
                      octets("943001dfffffffff"),
                      octets("94300180dbffffffff"),
                      octets(MSGPACK_CALL + "91c6ffffffff00"),
                      octets(MSGPACK_CALL + "91c9ffffffff0000"),
                      octets(MSGPACK_CALL + "ddffffffff")));
              raid.probe(
                  CBOR.joined(),
                  Plots.messages(
                      octets("9bffffffffffffffff"),
                      octets("84183001bbffffffffffffffff"),
                      octets("84183001a07bffffffffffffffff"),
                      octets(CBOR_CALL + "815b7fffffffffffffff00"),
                      octets(CBOR_CALL + "9affffffff"),
                      octets(CBOR_CALL + "9b8000000000000000")));
            }),
        attack(
            "indefinite-lengths",
            "CBOR in pieces without an end, or within each other",
            Fate.told(ABORT, INVALID, NOBODY),
            Plots.probe(
                CBOR.joined(),
                Plots.messages(
                    octets(CBOR_CALL + "81" + "7f" + "60".repeat(100_000) + "ff"),
                    octets(CBOR_CALL + "81" + "5f" + "40".repeat(100_000) + "ff"),
                    octets(CBOR_CALL + "81" + "5f5f4100ffff"),
                    octets(CBOR_CALL + "81" + "7f4100ff"),
                    octets(CBOR_CALL + "9f".repeat(50_000)),
                    octets(CBOR_CALL + "9f" + "bf6161".repeat(30_000)),
                    octets(CBOR_CALL + "81ff"),
                    octets(CBOR_CALL + "81bf6161ff"),
                    octets("ff")))),
        attack(
            "tags",
            "CBOR with 100,000 tags, big numbers, and simple values of no meaning",
            Fate.told(ABORT, INVALID, NOBODY),
            Plots.probe(
                CBOR.joined(),
                Plots.messages(
                    octets(CBOR_CALL + "81" + "c1".repeat(100_000) + "00"),
                    octets(CBOR_CALL + "81" + "dbffffffffffffffff".repeat(10_000) + "00"),
                    octets(CBOR_CALL + "81" + "c2" + "5a000c3500" + "ff".repeat(800_000)),
                    octets(CBOR_CALL + "81f8ff"),
                    octets(CBOR_CALL + "81f81f"),
                    octets(CBOR_CALL + "81fc"),
                    octets("c1" + CBOR_CALL + "80")))),
        attack(
            "no-messages",
            "numbers, texts, dictionaries and empty lists in the place of a message",
            Fate.told(ABORT),
            Plots.probe(
                JSON.joined(),
                Plots.messages(
                    "",
                    " ",
                    "1",
                    "\"x\"",
                    "{}",
                    "[]",
                    "[[]]",
                    "[null]",
                    "[48",
                    "[48,1,{},\"a\"]]",
                    "nul"))),
        attack(
            "noise",
            "octets at random, in all serializers",
            Fate.told(ABORT),
            raid -> {
              for (Approach approach : List.of(JSON, MSGPACK, CBOR)) {
                raid.probe(approach.joined(), noise());
              }
            }),
        attack(
            "untranslatable",
            "events that other serializers have no words for, before subscribers of each",
            Fate.served(),
            raid -> {
              List.of(JSON, MSGPACK, CBOR)
                  .forEach(each -> raid.begin(each.joined(), SerializerAttacks::listen));
              byte[] strange =
                  octets(
                      "85"
                          + "10"
                          + "01"
                          + "a0"
                          + "71"
                          + hex("com.hostile.heard")
                          + "88"
                          + "f97e00"
                          + "f97c00"
                          + "c249"
                          + "ff".repeat(9)
                          + "f7"
                          + "a1613102"
                          + "d81e4101"
                          + "1bffffffffffffffff"
                          + "fb7ff0000000000000");
              for (int i = 0; i < 2; i++) {
                raid.begin(
                    CBOR.joined(),
                    enemy -> {
                      while (raid.goesOn()) {
                        enemy.send(strange);
                        raid.spoils().sent(1);
                      }
                    });
              }
            }));
  }

  private static Attack attack(String name, String words, Fate fate, Plot plot) {
    return new Attack(Group.SERIALIZERS, name, words, fate, plot);
  }

  private static void listen(Enemy enemy) throws IOException {
    enemy.send(List.of(32, 1, Map.of(), "com.hostile.heard"));
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] octets(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }

  /** So many entries whose keys have one hash code in Java. */
  private static String keys(int count) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(count);
    return IntStream.range(0, count)
        .mapToObj(
            number ->
                IntStream.range(0, bits)
                    .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                    .collect(Collectors.joining("", "\"", "\":1")))
        .collect(Collectors.joining(","));
  }

  private static byte[] broken(String before, String after) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(before.getBytes(UTF_8));
    message.writeBytes(new byte[] {(byte) 0xC0, (byte) 0xAF});
    message.writeBytes(after.getBytes(UTF_8));
    return message.toByteArray();
  }

  private static List<Raid.Deed> noise() {
    Random random = new Random(1);
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] octets = new byte[1 + random.nextInt(200)];
      random.nextBytes(octets);
      all.add(octets);
    }
    return Plots.messages(all.toArray(byte[][]::new));
  }
}
