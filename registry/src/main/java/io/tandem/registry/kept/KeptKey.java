package io.tandem.registry.kept;

/**
 * Names a publication in the record. All nodes make the same key of the same publication.
 *
 * @param stamp its place in the order of all that is kept
 * @param publication its ID; 0 for the removal of what a topic retains
 * @param sizeClass how much it is, see {@link #sizeClass(int)}
 */
public record KeptKey(String realm, long stamp, long publication, int sizeClass) {

  /** How many bits it takes to write this number of octets: nobody reads more than he wants. */
  public static int sizeClass(int octets) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(octets);
  }

  /** So many octets at most. */
  public long mostOctets() {
    return 1L << sizeClass;
  }
}
