package io.tandem.registry;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rendezvous hashing of keys over callees: each key gives each callee a weight, and goes to the one
 * with the greatest. So when a callee goes only its keys move, each to the callee of its next
 * weight; and a callee that comes takes an even part from all. Weights follow from the key and the
 * session's ID alone: every node, of every release, comes to the same.
 */
final class Rendezvous {

  private Rendezvous() {}

  /** Where the key goes among the callees that pass; null when none does. */
  static @Nullable Callee pick(String key, List<Callee> callees, Predicate<Callee> passes) {
    long hash = hash(key);
    Callee heaviest = null;
    long most = 0;
    for (Callee callee : callees) {
      long weight = mix(hash ^ mix(callee.session()));
      if ((heaviest == null || Long.compareUnsigned(weight, most) > 0) && passes.test(callee)) {
        heaviest = callee;
        most = weight;
      }
    }
    return heaviest;
  }

  /** FNV-1a over the characters. */
  private static long hash(String key) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * 0x100000001B3L;
    }
    return hash;
  }

  /** The finalizer of SplitMix64: one to one, so that no two sessions weigh the same. */
  private static long mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }
}
