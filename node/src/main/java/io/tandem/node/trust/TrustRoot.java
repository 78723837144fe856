package io.tandem.node.trust;

/**
 * Somebody whom a realm of the router trusts to vouch for clients, in certificates of one chain of
 * blocks, one contract there, and one realm of it. Immutable.
 *
 * @param chainId which chain of blocks
 * @param verifyingContract which contract on it
 * @param realm under which address the contract has the realm
 */
public record TrustRoot(Address address, long chainId, Address verifyingContract, Address realm) {

  /**
   * Whether the chain holds and ends with this root. Takes as long for one that does not, some
   * tenths of a millisecond for each certificate.
   */
  public boolean vouchesBy(CertificateChain chain) {
    return chain.holds() // first, so that it shows in the time only how long the chain is
        && chain.root().equals(address)
        && chain.isOf(chainId, verifyingContract, realm);
  }
}
