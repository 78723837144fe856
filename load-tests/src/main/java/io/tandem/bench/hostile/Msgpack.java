package io.tandem.bench.hostile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Messages in MessagePack, in which 116,000 IDs fit into one of 1 MiB. */
final class Msgpack {

  private static final int ROOM = 128;

  private Msgpack() {}

  /** The HELLO of a publisher. */
  static byte[] hello(String realm) {
    ByteBuffer out = ByteBuffer.allocate(ROOM + realm.length());
    out.put((byte) 0x93).put((byte) 1);
    text(out, realm);
    out.put((byte) 0x81);
    text(out, "roles");
    out.put((byte) 0x81);
    text(out, "publisher");
    return octets(out.put((byte) 0x80));
  }

  /** A PUBLISH whose option lists so many session IDs that have one hash code in Java. */
  static byte[] publication(String option, int count) {
    ByteBuffer out = ByteBuffer.allocate(ROOM + 9 * count);
    out.put((byte) 0x94).put((byte) 16).put((byte) 1).put((byte) 0x81);
    text(out, option);
    out.put((byte) 0xDD).putInt(count);
    for (long high = 1; high <= count; high++) {
      out.put((byte) 0xCF).putLong(high << 32 | (high ^ 0x5A5A5A5AL));
    }
    text(out, "com.hostile.excluding");
    return octets(out);
  }

  /** Up to 31 characters. */
  private static void text(ByteBuffer out, String text) {
    out.put((byte) (0xA0 | text.length())).put(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] octets(ByteBuffer out) {
    byte[] octets = new byte[out.position()];
    out.flip().get(octets);
    return octets;
  }
}
