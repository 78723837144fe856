package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.node.auth.AuthAnswer;
import io.tandem.node.auth.AuthRequest;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Authenticator;
import io.tandem.node.auth.DynamicAuthenticator;
import io.tandem.node.auth.DynamicAuthenticator.Source;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.Principal;
import io.tandem.node.credentials.Hashes;
import io.tandem.node.credentials.Kdf;
import io.tandem.node.credentials.ScramRecord;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clients of every method whom a plugin's provider knows. */
class ProvidedSecretsTest {

  private static final Evidence SAFE = Clients.evidence("10.0.0.1:4711", true, null, null);
  private static final String PRIVATE_KEY =
      "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510";
  private static final String KEY =
      "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d";
  private static final String OTHER_PRIVATE_KEY =
      "d511fe78e23934b3dadb52fcd022974b80bd92bccc7c5cf404e46cc0a8a2f5cd";
  private static final byte[] SALT = new byte[16];
  private static final ScramRecord RECORD =
      ScramRecord.of(
          Kdf.PBKDF2, 4096, 0, SALT, Kdf.PBKDF2.stretch("pencil", SALT, 4096, 0, Hashes.LENGTH));

  private static final Options JOE =
      Options.of(Keys.AUTHID, "joe")
          .with(Keys.AUTHEXTRA, Map.of("nonce", Proofs.NONCE, "pubkey", KEY));

  private @Nullable Map<String, @Nullable Object> known = new HashMap<>();
  private @Nullable Map<String, @Nullable Object> asked;

  private final Source source =
      new Source.Provider(
          "test",
          (realm, authid, details) -> {
            asked = details;
            return "joe".equals(authid) ? known : null;
          },
          Duration.ofSeconds(2));

  private static AuthStep judge(
      Authenticator authenticator,
      Options details,
      Function<Map<String, @Nullable Object>, Authenticate> proof)
      throws Exception {
    AuthStep step = now(authenticator.begin(new AuthRequest("realm1", details, 7, SAFE)));
    return step instanceof AuthStep.Challenged challenged
        ? now(challenged.verifier().verify(proof.apply(challenged.message().extra())))
        : step;
  }

  private static AuthStep now(AuthAnswer answer) throws Exception {
    return answer instanceof AuthAnswer.Blocking blocking
        ? blocking.work().call()
        : (AuthStep) answer;
  }

  private AuthStep cra(String authid, String password) throws Exception {
    return judge(
        DynamicAuthenticator.wampCra(source, () -> Instant.EPOCH),
        JOE.with(Keys.AUTHID, authid),
        extra -> Proofs.cra(password, extra));
  }

  private AuthStep scram(String password) throws Exception {
    return judge(
        DynamicAuthenticator.scram(source), JOE, extra -> Proofs.scram("joe", password, extra));
  }

  private AuthStep cryptosign(String seed) throws Exception {
    return judge(
        DynamicAuthenticator.cryptosign(source), JOE, extra -> Proofs.cryptosign(seed, extra));
  }

  private AuthStep ticket(String authid, String ticket) throws Exception {
    return judge(
        DynamicAuthenticator.ticket(source, false),
        JOE.with(Keys.AUTHID, authid),
        extra -> new Authenticate(ticket, Map.of()));
  }

  private static Principal principal(AuthStep step) {
    return ((AuthStep.Accepted) step).principal();
  }

  private static void assertDenied(AuthStep... steps) {
    assertThat(List.of(steps))
        .allSatisfy(
            step ->
                assertThat(((AuthStep.Refused) step).reason())
                    .isEqualTo("wamp.error.authentication_denied"));
  }

  @Test
  void eachMethodIsJudgedByWhatTheProviderTells() throws Exception {
    known.putAll(Map.of("role", "user", "secret", "pencil"));
    assertThat(principal(cra("joe", "pencil")))
        .isEqualTo(new Principal("realm1", "joe", "user", "wampcra", "dynamic", null));
    assertDenied(cra("joe", "pen"), cra("ann", "pencil"));

    known.put("record", RECORD.text());
    assertThat(principal(scram("pencil")).authmethod()).isEqualTo("wamp-scram");
    assertDenied(scram("pen"));

    known.put("pubkey", KEY);
    assertThat(principal(cryptosign(PRIVATE_KEY)).authmethod()).isEqualTo("cryptosign");
    assertDenied(cryptosign(OTHER_PRIVATE_KEY));

    assertThat(principal(judge(DynamicAuthenticator.anonymous(source), JOE, extra -> null)))
        .extracting(Principal::authid, Principal::authmethod)
        .containsExactly("joe", "anonymous");
  }

  @Test
  void ticketIsPartOfTheQuestionAndMayBeComparedByTheNode() throws Exception {
    known.put("role", "user");
    assertThat(principal(ticket("joe", "anything")).authmethod()).isEqualTo("ticket");
    assertThat(asked).containsEntry("ticket", "anything");
    known.put("ticket", "pencil");
    assertThat(principal(ticket("joe", "pencil")).authid()).isEqualTo("joe");
    assertThat(ticket("joe", "pen")).isEqualTo(ticket("ann", "pencil"));
    assertDenied(ticket("joe", "pen"));
  }

  @Test
  void providerIsToldWhatProceduresAreAndCannotChangeIt() throws Exception {
    known.put("role", "user");
    ticket("joe", "pencil");
    assertThat(asked)
        .containsEntry("session", 7L)
        .containsEntry("authmethod", "ticket")
        .containsEntry("authid", "joe");
    assertThat(asked.get("transport")).isEqualTo(Map.of("peer", "10.0.0.1:4711", "secure", true));
    assertThatThrownBy(() -> asked.put("role", "admin"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void providerNamesWhoItIsAndWhatWelcomeTells() throws Exception {
    known.putAll(
        Map.of("role", "user", "authid", "j", "realm", "realm2", "extra", Map.of("seat", 4)));
    assertThat(principal(ticket("joe", "pencil")))
        .isEqualTo(new Principal("realm2", "j", "user", "ticket", "dynamic", Map.of("seat", 4L)));
  }

  @Test
  void whatIsNoAnswerIsAFailure() {
    assertThatThrownBy(() -> ticket("joe", "pencil")).hasMessage("no role");
    known.putAll(Map.of("role", "user", "extra", new Object()));
    assertThatThrownBy(() -> ticket("joe", "pencil")).isInstanceOf(IllegalArgumentException.class);
    known.remove("extra");
    assertThatThrownBy(() -> cra("joe", "pencil")).hasMessage("no secret");
  }

  @Test
  void questionHasTheTimeoutOfItsSource() {
    AuthAnswer answer =
        DynamicAuthenticator.anonymous(source).begin(new AuthRequest("realm1", JOE, 7, SAFE));
    assertThat(((AuthAnswer.Blocking) answer).timeout()).isEqualTo(Duration.ofSeconds(2));
  }
}
