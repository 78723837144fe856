package io.tandem.node.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Authenticator;
import io.tandem.node.config.AuthConfig;
import io.tandem.node.config.ClaimsConfig;
import io.tandem.node.config.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuthenticatorsTest {

  private static final List<AuthConfig> EACH =
      List.of(
          new AuthConfig.Anonymous("guest"),
          new AuthConfig.Dynamic(
              AuthConfig.Dynamic.Method.TICKET,
              new AuthConfig.Dynamic.Procedure("realm1", "com.judge"),
              Duration.ofSeconds(5),
              false),
          new AuthConfig.Ticket(
              false, List.of(new AuthConfig.Ticket.Holder("joe", "user", new Secret("secret")))),
          new AuthConfig.WampCra(
              null,
              List.of(new AuthConfig.WampCra.Holder("joe", "user", new Secret("secret"), null))),
          new AuthConfig.Scram(
              AuthConfig.Scram.Dialect.WAMP,
              null,
              List.of(
                  new AuthConfig.Scram.Holder(
                      "joe",
                      "user",
                      new Secret(
                          "kdf=pbkdf2,iterations=4096,salt=W22ZaJ0SNY7soEsUEjb6gQ=="
                              + ",storedKey=WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
                              + ",serverKey=wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")))),
          new AuthConfig.Cryptosign(
              null,
              List.of(
                  new AuthConfig.Cryptosign.Holder(
                      "joe",
                      "user",
                      List.of("1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d"))),
              List.of()),
          new AuthConfig.Tls(
              List.of(
                  new AuthConfig.Tls.Holder(
                      "joe", "user", Set.of("ab".repeat(32)), Set.of("CN=joe"), Set.of("DNS:a")))),
          new AuthConfig.Jwt(
              Set.of(AuthConfig.Jwt.Name.JWT),
              false,
              "https://id.example.com",
              Set.of("tandem"),
              Set.of("RS256"),
              Duration.ofSeconds(30),
              new AuthConfig.Jwt.Keys("https://id.example.com/jwks.json", null),
              new ClaimsConfig("sub", null, List.of(), "user", null)));

  @Test
  void everyMethodHasItsFactory() {
    List<Class<?>> others = new ArrayList<>(List.of(AuthConfig.class.getPermittedSubclasses()));
    others.remove(AuthConfig.Cookie.class); // which needs what the node remembers
    assertThat(EACH.stream().<Class<?>>map(Object::getClass).toList())
        .containsExactlyInAnyOrderElementsOf(others);
    assertThat(EACH)
        .flatExtracting(method -> Authenticators.of(method, new OpenProviders()))
        .extracting(Authenticator::method)
        .containsExactly(
            "anonymous", "ticket", "ticket", "wampcra", "wamp-scram", "cryptosign", "tls", "jwt");
  }

  @ParameterizedTest
  @EnumSource
  void procedureMayBeAskedAboutEveryMethod(AuthConfig.Dynamic.Method method) {
    AuthConfig config =
        new AuthConfig.Dynamic(
            method,
            new AuthConfig.Dynamic.Procedure("realm1", "com.judge"),
            Duration.ofSeconds(5),
            false);
    String section = method.name().toLowerCase(Locale.ROOT);
    assertThat(Authenticators.of(config, new OpenProviders()))
        .singleElement()
        .extracting(Authenticator::method)
        .isEqualTo(section.equals("scram") ? "wamp-scram" : section);
  }
}
