package io.tandem.protocol.id;

import java.security.SecureRandom;

/**
 * IDs of global scope, sessions and publications: drawn uniformly from 1 to 2^53 by a secure
 * generator (ID-02). Any thread may draw.
 *
 * <p>The generator is asked for a block at a time: publications draw one each, and a lock and a
 * system call for every one of them would show.
 */
public final class GlobalIds {

  private static final int BLOCK = 128;

  private static final ThreadLocal<GlobalIds> OF_THREAD = ThreadLocal.withInitial(GlobalIds::new);

  private final SecureRandom random = new SecureRandom();
  private final byte[] block = new byte[BLOCK * Long.BYTES];
  private int used = block.length;

  private GlobalIds() {}

  public static long next() {
    return OF_THREAD.get().draw();
  }

  private long draw() {
    if (used == block.length) {
      random.nextBytes(block);
      used = 0;
    }
    long bits = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      bits = (bits << 8) | (block[used] & 0xFF);
      block[used++] = 0; // a drawn ID is not kept
    }
    // 2^53 values exactly: 53 bits, moved from 0..2^53-1 to 1..2^53.
    return (bits & (Ids.MAX - 1)) + Ids.MIN;
  }
}
