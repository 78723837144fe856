package io.tandem.node.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.config.AuthConfig;
import io.tandem.node.config.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthenticatorsTest {

  private static final List<AuthConfig> EACH =
      List.of(
          new AuthConfig.Anonymous("guest"),
          new AuthConfig.Ticket(
              false, List.of(new AuthConfig.Ticket.Holder("joe", "user", new Secret("secret")))));

  @Test
  void everyMethodHasItsFactory() {
    assertThat(EACH.stream().<Class<?>>map(Object::getClass).toList())
        .containsExactlyInAnyOrder(AuthConfig.class.getPermittedSubclasses());
    assertThat(EACH)
        .extracting(method -> Authenticators.of(method).method())
        .containsExactly("anonymous", "ticket");
  }
}
