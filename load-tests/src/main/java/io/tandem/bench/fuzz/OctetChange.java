package io.tandem.bench.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Octets that are others than they were. */
final class OctetChange {

  private static final HexFormat HEX = HexFormat.of();

  /** What begins something long, ends something, or means something in one of the encodings. */
  private static final List<byte[]> TOKENS =
      List.of(
          HEX.parseHex("ddffffffff"),
          HEX.parseHex("dfffffffff"),
          HEX.parseHex("dbffffffff"),
          HEX.parseHex("c6ffffffff"),
          HEX.parseHex("c9ffffffff01"),
          HEX.parseHex("c1"),
          HEX.parseHex("9bffffffffffffffff"),
          HEX.parseHex("bb7fffffffffffffff"),
          HEX.parseHex("7bffffffffffffffff"),
          HEX.parseHex("9f"),
          HEX.parseHex("bf"),
          HEX.parseHex("5f"),
          HEX.parseHex("7f"),
          HEX.parseHex("ff"),
          HEX.parseHex("c2"),
          HEX.parseHex("d9d9f7"),
          HEX.parseHex("f97e00"),
          HEX.parseHex("fc"),
          HEX.parseHex("5b"),
          HEX.parseHex("5d"),
          HEX.parseHex("7b"),
          HEX.parseHex("7d"),
          HEX.parseHex("22"),
          HEX.parseHex("5c75643830"),
          HEX.parseHex("2c"),
          HEX.parseHex("3a"),
          HEX.parseHex("31653939393939"),
          HEX.parseHex("c0af"),
          HEX.parseHex("eda080"),
          HEX.parseHex("0d0a"),
          HEX.parseHex("0d0a0d0a"),
          HEX.parseHex("88820000000003e8"),
          HEX.parseHex("00000000"),
          HEX.parseHex("7fffffff"));

  private final Chance chance;

  OctetChange(Chance chance) {
    this.chance = chance;
  }

  /** A copy that differs in something. */
  byte[] changed(byte[] octets) {
    if (octets.length == 0) {
      return chance.octets(1 + chance.length(20));
    }
    int at = chance.below(octets.length);
    int count = 1 + chance.length(Math.min(16, octets.length - at));
    count = Math.min(count, octets.length - at);
    return switch (chance.below(8)) {
      case 0 -> {
        byte[] copy = octets.clone();
        copy[at] ^= (byte) (1 << chance.below(8));
        yield copy;
      }
      case 1 -> {
        byte[] copy = octets.clone();
        System.arraycopy(chance.octets(count), 0, copy, at, count);
        yield copy;
      }
      case 2 -> Arrays.copyOf(octets, at);
      case 3 -> spliced(octets, at, at + count, new byte[0]);
      case 4 -> spliced(octets, at, at, chance.of(TOKENS));
      case 5 -> spliced(octets, at, at + count, chance.of(TOKENS));
      case 6 -> spliced(octets, at, at, Arrays.copyOfRange(octets, at, at + count));
      default -> spliced(octets, at, at, chance.octets(count));
    };
  }

  /** One that begins like the first and ends like the second. */
  byte[] crossed(byte[] one, byte[] other) {
    int from = other.length == 0 ? 0 : chance.below(other.length);
    return spliced(
        one,
        one.length == 0 ? 0 : chance.below(one.length),
        one.length,
        Arrays.copyOfRange(other, from, other.length));
  }

  private static byte[] spliced(byte[] octets, int from, int to, byte[] between) {
    return ByteBuffer.allocate(from + between.length + octets.length - to)
        .put(octets, 0, from)
        .put(between)
        .put(octets, to, octets.length - to)
        .array();
  }
}
