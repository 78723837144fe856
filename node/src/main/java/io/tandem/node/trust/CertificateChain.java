package io.tandem.node.trust;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Certificates in the order in which a client shows them: a delegate's, which names its key, those
 * of the authorities that vouch for it, each for the one before, and at last a root's, which only
 * vouches for itself (AUTH-CS-13). Immutable.
 */
public final class CertificateChain {

  /** In certificates; what a client can have a node compute is bounded by it. */
  public static final int LONGEST = 8;

  private static final int SHORTEST = 2;

  private final List<Certificate> certificates;

  private CertificateChain(List<Certificate> certificates) {
    this.certificates = certificates;
  }

  /**
   * What HELLO has as {@code authextra.certificates}, of which nothing is verified by that.
   *
   * @return null where it is not {@value #SHORTEST} to {@value #LONGEST} certificates of the types
   *     that a chain has
   */
  public static @Nullable CertificateChain read(@Nullable Object shown) {
    if (!(shown instanceof List<?> all) || all.size() < SHORTEST || all.size() > LONGEST) {
      return null;
    }
    List<Certificate> certificates = new ArrayList<>();
    for (Object each : all) {
      StructType type = certificates.isEmpty() ? Certificate.DELEGATE : Certificate.AUTHORITY;
      Certificate certificate = Certificate.read(type, each);
      if (certificate == null) {
        return null;
      }
      certificates.add(certificate);
    }
    return new CertificateChain(certificates);
  }

  /** Whose key it is. */
  public Address delegate() {
    return certificates.get(0).issuer();
  }

  /** The delegate's key for Cryptosign, 64 hexadecimal digits in lower case. */
  public String key() {
    return certificates.get(0).key();
  }

  /** Who vouches for the delegate in the end. */
  public Address root() {
    return last().subject();
  }

  private Certificate last() {
    return certificates.get(certificates.size() - 1);
  }

  /**
   * Whether each certificate is signed by its issuer and borne by the one behind it, up to one that
   * bears itself. All signatures are verified, whatever is wrong: how long it takes tells nothing.
   */
  boolean holds() {
    boolean holds = last().issuer().equals(last().subject());
    for (int i = 0; i < certificates.size(); i++) {
      Certificate each = certificates.get(i);
      holds &= each.isSigned();
      holds &= each == last() || certificates.get(i + 1).bears(each);
      // The root is trusted for itself, and the last authority vouches for nobody but its own key.
      holds &= i < 2 || each == last() || each.isOfAuthority();
    }
    return holds;
  }

  /** Whether all of them are of this chain of blocks, contract and realm. */
  boolean isOf(long chainId, Address verifyingContract, Address realm) {
    return certificates.stream()
        .allMatch(each -> each.isOf(chainId, verifyingContract) && each.isOfRealm(realm));
  }
}
