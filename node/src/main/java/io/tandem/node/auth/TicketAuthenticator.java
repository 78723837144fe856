package io.tandem.node.auth;

import io.tandem.node.credentials.Hashes;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.WampUri;
import java.security.MessageDigest;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Admits who shows the ticket that belongs to its authid (AUTH-TKT-01 to AUTH-TKT-04). Whether an
 * authid is known cannot be told from outside: everybody is challenged, and whoever fails gets the
 * same answer after the same work (AUTH-06). Of tickets it keeps digests alone. Immutable.
 */
public final class TicketAuthenticator implements Authenticator {

  public static final String METHOD = "ticket";

  /** Whose ticket it is: nobody's without a role. */
  private static final class Holder {

    final String authid;
    final @Nullable String role;
    final byte[] digest;

    Holder(String authid, @Nullable String role, byte[] digest) {
      this.authid = authid;
      this.role = role;
      this.digest = digest;
    }
  }

  /**
   * What the configuration says of an authid.
   *
   * @param ticket the secret itself
   */
  public record Ticket(String role, String ticket) {

    @Override
    public String toString() {
      return "Ticket of " + role;
    }
  }

  static final AuthStep.Refused DENIED =
      new AuthStep.Refused(WampUri.AUTHENTICATION_DENIED, "the authid or the ticket is wrong");

  private final Map<String, Holder> holders;
  private final boolean overPlainText;

  /** Stands for all who are not known. */
  private final Holder nobody;

  /**
   * @param tickets by authid
   * @param overPlainText whether tickets are taken although others can read along
   */
  public TicketAuthenticator(Map<String, Ticket> tickets, boolean overPlainText) {
    this.holders =
        tickets.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey,
                    entry ->
                        new Holder(
                            entry.getKey(),
                            entry.getValue().role(),
                            digest(entry.getValue().ticket()))));
    this.overPlainText = overPlainText;
    this.nobody = new Holder("", null, Decoys.nobodysKey());
  }

  @Override
  public String method() {
    return METHOD;
  }

  @Override
  public byte @Nullable [] standing(Principal principal) {
    Holder holder = holders.get(principal.authid());
    return holder != null && principal.authrole().equals(holder.role) ? holder.digest : null;
  }

  @Override
  public AuthAnswer begin(AuthRequest request) {
    String authid = request.details().get(Keys.AUTHID);
    if (authid == null) {
      return new AuthStep.Refused(
          WampUri.AUTHENTICATION_DENIED, "the method ticket needs an authid in HELLO");
    }
    if (!request.evidence().secure() && !overPlainText) {
      // Before the ticket is sent, not after.
      return new AuthStep.Refused(
          WampUri.AUTHENTICATION_DENIED, "tickets are not taken over plain text: use TLS");
    }
    Holder holder = holders.getOrDefault(authid, nobody);
    String realm = request.realm(); // and nothing else of what the client wrote is kept
    return new AuthStep.Challenged(
        new Challenge(METHOD, Map.of()), proof -> judge(realm, holder, proof));
  }

  private static AuthStep judge(String realm, Holder holder, Authenticate proof) {
    // Digests are of one length, so the time tells nothing of the ticket's either.
    boolean matches = MessageDigest.isEqual(holder.digest, digest(proof.signature()));
    String role = holder.role;
    return matches && role != null
        ? new AuthStep.Accepted(
            new Principal(realm, holder.authid, role, METHOD, Principal.STATIC, null))
        : DENIED;
  }

  /** Whether both are, in a time that does not tell how much of them is. */
  static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(digest(one), digest(other));
  }

  private static byte[] digest(String ticket) {
    return Hashes.sha256(Hashes.utf8(ticket));
  }
}
