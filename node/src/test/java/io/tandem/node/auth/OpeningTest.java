package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.Clients;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpeningTest {

  private static Opening opening(String... lines) {
    return new Opening(
        "/ws",
        "token=secret",
        List.of(lines).stream()
            .map(line -> line.split(": ", 2))
            .map(line -> Map.entry(line[0], line[1]))
            .toList());
  }

  @Test
  void headerIsFoundWhateverTheCaseLineByLine() {
    Opening opening = opening("X-User: joe", "Host: here", "x-uSER: ann");
    assertThat(opening.headers("X-USER")).containsExactly("joe", "ann");
    assertThat(opening.headers("x-users")).isEmpty();
  }

  @Test
  void cookiesAreFoundByTheirNames() {
    Opening opening = opening("Cookie: a=1; session=abc=; b=\"two\"", "cookie: session=def;;x");
    assertThat(opening.cookies("session")).containsExactly("abc=", "def");
    assertThat(opening.cookies("b")).containsExactly("two");
    assertThat(opening.cookies("Session")).isEmpty();
    assertThat(opening.cookies("x")).isEmpty();
  }

  @Test
  void whatMayBeSecretIsNotPrinted() {
    Opening opening = opening("Cookie: session=abc");
    assertThat(Clients.evidence("10.0.0.1:1", true, null, opening) + " " + opening)
        .contains("10.0.0.1:1", "/ws")
        .doesNotContain("abc", "secret");
  }
}
