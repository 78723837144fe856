package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.AuthStep.Refused;
import io.tandem.node.auth.TicketAuthenticator.Ticket;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketAuthenticatorTest {

  private static final Evidence SAFE = Clients.evidence("127.0.0.1:4711", true, null, null);
  private static final Evidence PLAIN = Clients.evidence("10.0.0.1:4711", false, null, null);

  private static final String TICKET = "joe-s secret";

  private final TicketAuthenticator method = method(false);

  private static TicketAuthenticator method(boolean overPlainText) {
    return new TicketAuthenticator(
        Map.of("joe", new Ticket("user", TICKET), "ann", new Ticket("boss", "ann-s secret")),
        overPlainText);
  }

  private static AuthRequest hello(Options details, Evidence evidence) {
    return new AuthRequest("realm1", details, 7, evidence);
  }

  private static AuthRequest hello(String authid) {
    return hello(Options.of(Keys.AUTHID, authid), SAFE);
  }

  private AuthAnswer show(String authid, String ticket) {
    Challenged challenged = (Challenged) method.begin(hello(authid));
    return challenged.verifier().verify(new Authenticate(ticket, Map.of()));
  }

  @Test
  @Conformance({"AUTH-TKT-02", "AUTH-TKT-03"})
  void whoShowsTheTicketOfItsAuthidIsAccepted() {
    Challenged challenged = (Challenged) method.begin(hello("joe"));
    assertThat(challenged.message()).isEqualTo(new Challenge("ticket", Map.of()));
    assertThat(show("joe", TICKET))
        .isEqualTo(new Accepted(new Principal("realm1", "joe", "user", "ticket", "static", null)));
  }

  @ParameterizedTest
  @Conformance("AUTH-TKT-03")
  @ValueSource(strings = {"", "joe-s secre", "joe-s secret ", "Joe-s secret", "ann-s secret"})
  void whoShowsAnotherIsNot(String ticket) {
    assertThat(show("joe", ticket))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo("wamp.error.authentication_denied"));
  }

  /** The challenge and the answer are the same, word by word. */
  @Test
  @Conformance("AUTH-06")
  void whetherAnAuthidIsKnownCannotBeTold() {
    Challenged known = (Challenged) method.begin(hello("joe"));
    Challenged unknown = (Challenged) method.begin(hello("jane"));
    assertThat(unknown.message()).isEqualTo(known.message());
    assertThat(show("jane", TICKET)).isEqualTo(show("joe", "wrong")).isInstanceOf(Refused.class);
    assertThat(show("jane", "")).isEqualTo(show("joe", ""));
  }

  @Test
  @Conformance("AUTH-TKT-01")
  void helloWithoutAnAuthidIsRefused() {
    assertThat(method.method()).isEqualTo("ticket");
    assertThat(method.begin(hello(Options.EMPTY, SAFE))).isInstanceOf(Refused.class);
  }

  @Test
  @Conformance("AUTH-TKT-04")
  void ticketIsNotAskedForOverPlainTextUnlessThatIsAllowed() {
    AuthRequest request = hello(Options.of(Keys.AUTHID, "joe"), PLAIN);
    assertThat(method.begin(request)).isInstanceOf(Refused.class);
    assertThat(method(true).begin(request)).isInstanceOf(Challenged.class);
  }

  @Test
  void ticketIsNeverPrinted() {
    assertThat(new Ticket("user", TICKET).toString()).doesNotContain(TICKET);
  }
}
