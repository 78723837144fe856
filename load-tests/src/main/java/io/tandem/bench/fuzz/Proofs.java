package io.tandem.bench.fuzz;

import io.tandem.bench.hostile.Credentials;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How joe comes in, by a method that chance chooses. */
final class Proofs {

  private static final String NONCE = "a-nonce-of-joes";

  private final Credentials joe;
  private final String method;

  Proofs(Chance chance, Credentials joe) {
    this.joe = joe;
    this.method = chance.of(List.of("ticket", "wampcra", "wamp-scram", "cryptosign"));
  }

  List<Object> hello(String realm) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("roles", Map.of("caller", Map.of()));
    details.put("authmethods", List.of(method));
    details.put("authid", Credentials.AUTHID);
    details.put(
        "authextra",
        method.equals("cryptosign") ? Map.of("pubkey", joe.publicKey()) : Map.of("nonce", NONCE));
    return List.of(1, realm, details);
  }

  /** AUTHENTICATE for what was heard, be it a challenge or not. */
  List<Object> answer(List<@Nullable Object> heard) {
    Map<String, Object> told = new LinkedHashMap<>();
    if (heard.size() > 2 && heard.get(2) instanceof Map<?, ?> extra) {
      extra.forEach((key, value) -> told.put(String.valueOf(key), String.valueOf(value)));
    }
    String challenge = String.valueOf(told.get("challenge"));
    return switch (method) {
      case "ticket" -> List.of(5, joe.secret(), Map.of());
      case "wampcra" -> List.of(5, joe.signed(challenge), Map.of());
      case "cryptosign" ->
          List.of(
              5,
              challenge.matches("([0-9a-f]{2})+") ? joe.signedWithKey(challenge) : challenge,
              Map.of());
      default -> scram(told);
    };
  }

  private List<Object> scram(Map<String, Object> told) {
    String nonce = String.valueOf(told.get("nonce"));
    String iterations = String.valueOf(told.get("iterations"));
    String proof =
        joe.proof(
            NONCE,
            nonce,
            String.valueOf(told.get("salt")),
            iterations.matches("[0-9]{1,9}") ? Long.parseLong(iterations) : 0);
    return List.of(5, proof, Map.of("nonce", nonce));
  }
}
