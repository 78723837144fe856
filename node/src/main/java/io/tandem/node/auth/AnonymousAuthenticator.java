package io.tandem.node.auth;

import java.util.UUID;

/** Admits whoever asks, without proof, under a random authid and one role (AUTH-ANON-01). */
public final class AnonymousAuthenticator implements Authenticator {

  /** Its name in {@code authmethods}, and what a HELLO without that list means. */
  public static final String METHOD = "anonymous";

  private final String role;

  public AnonymousAuthenticator(String role) {
    this.role = role;
  }

  @Override
  public String method() {
    return METHOD;
  }

  @Override
  public boolean admitsEverybody() {
    return true;
  }

  @Override
  public AuthAnswer begin(AuthRequest request) {
    String authid = UUID.randomUUID().toString(); // 122 bits of a secure generator
    return new AuthStep.Accepted(
        new Principal(request.realm(), authid, role, METHOD, Principal.STATIC, null));
  }
}
