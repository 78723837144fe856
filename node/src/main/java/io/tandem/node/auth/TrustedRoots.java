package io.tandem.node.auth;

import io.tandem.node.credentials.Hashes;
import io.tandem.node.trust.Address;
import io.tandem.node.trust.CertificateChain;
import io.tandem.node.trust.TrustRoot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Those whom a realm trusts to vouch for keys that it does not know (AUTH-CS-13): who shows
 * certificates of theirs is judged by these, and not by what else is known of its key. Immutable.
 */
final class TrustedRoots {

  /** What names one: for a client in HELLO, for a session in WELCOME. */
  private static final String TRUSTROOT = "trustroot";

  private record Trusted(TrustRoot root, String role) {}

  private final Map<Address, Trusted> byAddress = new HashMap<>();

  /**
   * @param roots with the roles of those for whom they vouch; their addresses are unique
   */
  TrustedRoots(Map<TrustRoot, String> roots) {
    roots.forEach((root, role) -> byAddress.put(root.address(), new Trusted(root, role)));
  }

  /**
   * What a client shows beside its key.
   *
   * @param chain null where it is none
   * @param fits whether it is for what else the client says: its key, its authid, its trust root
   */
  record Shown(@Nullable CertificateChain chain, boolean fits) {

    /** What is wrong with it, whoever the client is; null where nothing is. */
    AuthStep.@Nullable Refused lack(Map<String, @Nullable Object> extra) {
      if (chain == null) {
        return CryptosignAuthenticator.refused(
            "authextra.certificates are not 2 to "
                + CertificateChain.LONGEST
                + " certificates from a delegate's to a root's, each with its signature");
      }
      Object root = extra.get(TRUSTROOT);
      if (extra.get("pubkey") == null) {
        return CryptosignAuthenticator.refused("authextra.certificates needs authextra.pubkey");
      }
      return root == null || (root instanceof String text && Address.of(text) != null)
          ? null
          : CryptosignAuthenticator.refused("authextra.trustroot is no address");
    }
  }

  /**
   * What a client shows that wants to be judged by certificates; null where it does not, or where
   * nobody is trusted.
   *
   * @param key what it has as its key, in lower case
   * @param authid that it claims to have
   */
  @Nullable Shown shown(
      Map<String, @Nullable Object> extra, @Nullable String key, @Nullable String authid) {
    Object certificates = extra.get("certificates");
    if (byAddress.isEmpty() || certificates == null || List.of().equals(certificates)) {
      return null;
    }
    CertificateChain chain = CertificateChain.read(certificates);
    return new Shown(
        chain,
        chain != null
            && chain.key().equals(key)
            && (authid == null || authid.equalsIgnoreCase(chain.delegate().toString()))
            && (!(extra.get(TRUSTROOT) instanceof String root)
                || chain.root().equals(Address.of(root))));
  }

  /**
   * Who the delegate is in the realm that it asks for; null where nobody trusted vouches for it.
   * Takes some tenths of a millisecond for each certificate, whatever is wrong with them.
   */
  @Nullable Principal delegate(String realm, Shown shown) {
    CertificateChain chain = Objects.requireNonNull(shown.chain());
    Trusted named = byAddress.get(chain.root());
    Trusted trusted = named == null ? byAddress.values().iterator().next() : named;
    return trusted.root().vouchesBy(chain) && shown.fits()
        ? new Principal(
            realm,
            chain.delegate().toString(),
            trusted.role(),
            CryptosignAuthenticator.METHOD,
            Principal.STATIC,
            Map.of(TRUSTROOT, chain.root().toString()))
        : null;
  }

  /** Whether somebody trusted has vouched for the principal. */
  static boolean haveVouchedFor(Principal principal) {
    return principal.authextra() != null && principal.authextra().get(TRUSTROOT) != null;
  }

  /** What its login rests on, see {@link Authenticator#standing}. */
  byte @Nullable [] standing(Principal principal) {
    Object name = principal.authextra() == null ? null : principal.authextra().get(TRUSTROOT);
    Address address = name instanceof String text ? Address.of(text) : null;
    Trusted trusted = address == null ? null : byAddress.get(address);
    return trusted != null && trusted.role().equals(principal.authrole())
        ? Hashes.utf8(trusted.root().toString())
        : null;
  }
}
