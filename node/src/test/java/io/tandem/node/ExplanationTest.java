package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check --explain}: which rule decides, and where it stands. */
class ExplanationTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    file =
        Files.writeString(
            directory.resolve("node.yaml"),
            """
            listeners: [{}]
            realms:
              - name: realm1
                roles:
                  - name: user
                    permissions:
                      - {uri: com., match: prefix, allow: [call, subscribe], disclose: true}
                      - {uri: com.secret, allow: []}
                  - name: judge
                    permissions: [{uri: com.may, allow: [register]}]
                  - name: guest
                    permissions: [{uri: com.never, allow: []}]
                    authorizer:
                      procedure: com.may
              - name: com.tenant.
                template: {maxRealms: 5}
                roles:
                  - name: user
                    permissions: [{uri: com.a, allow: [call]}]
            """);
  }

  private String explain(String... right) {
    out.reset();
    err.reset();
    String[] args = new String[right.length + 3];
    args[0] = "check";
    args[1] = file.toString();
    args[2] = "--explain";
    System.arraycopy(right, 0, args, 3, right.length);
    int code = Main.run(new PrintStream(out, true), new PrintStream(err, true), stop -> {}, args);
    assertThat(code).isEqualTo(out.size() > 0 ? 0 : 1);
    return (out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8)).strip();
  }

  @Test
  void permissionThatDecidesIsNamedWithItsLine() {
    assertThat(explain("realm1", "user", "call", "com.a.b"))
        .isEqualTo(file + ":7: the prefix permission for 'com.' allows call of com.a.b, disclosed");
    assertThat(explain("realm1", "user", "register", "com.a.b"))
        .isEqualTo(file + ":7: the prefix permission for 'com.' denies register of exact com.a.b");
    assertThat(explain("realm1", "user", "call", "com.secret"))
        .isEqualTo(file + ":8: the exact permission for 'com.secret' denies call of com.secret");
  }

  @Test
  void patternIsDecidedOnByWhatRefusesAPartOfIt() {
    assertThat(explain("realm1", "user", "subscribe", "com.s", "--match", "prefix"))
        .isEqualTo(
            file + ":8: the exact permission for 'com.secret' denies subscribe of prefix com.s");
    assertThat(explain("realm1", "user", "subscribe", "com.a", "--match", "prefix"))
        .startsWith(file + ":7: the prefix permission for 'com.' allows subscribe of prefix com.a");
  }

  @Test
  void whereNoPermissionDecidesTheAuthorizerIsNamedOrTheDefault() {
    assertThat(explain("realm1", "guest", "call", "com.a"))
        .isEqualTo(file + ":14: no permission covers it: com.may is asked about call of com.a");
    assertThat(explain("realm1", "guest", "register", "com.may"))
        .isEqualTo(
            file
                + ":14: only a permission allows to register what the router asks: register of"
                + " exact com.may is denied");
    assertThat(explain("realm1", "judge", "call", "com.a"))
        .isEqualTo("no permission of judge covers it: call of com.a is denied by default");
  }

  @Test
  void realmThatATemplateWouldMakeIsJudgedByTheTemplate() {
    assertThat(explain("com.tenant.acme", "user", "call", "com.a"))
        .isEqualTo(file + ":19: the exact permission for 'com.a' allows call of com.a");
    assertThat(explain("com.tenant.acme", "guest", "call", "com.a"))
        .isEqualTo("tandem: there is no role guest; there is user");
    assertThat(explain("com.tenant.a b", "user", "call", "com.a"))
        .startsWith("tandem: there is no realm com.tenant.a b; there is realm1, com.tenant.");
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThat(explain("realm2", "user", "call", "com.a"))
        .startsWith("tandem: there is no realm realm2; there is realm1, com.tenant.");
    assertThat(explain("realm1", "boss", "call", "com.a"))
        .isEqualTo("tandem: there is no role boss; there is user, judge, guest");
    assertThat(explain("realm1", "user", "fly", "com.a"))
        .isEqualTo("tandem: there is no action fly; there is register, call, subscribe, publish");
    assertThat(explain("realm1", "user", "call", "com..a"))
        .isEqualTo("tandem: in realm1 no exact URI is: com..a");
    assertThat(explain("realm1", "user", "call", "com.", "--match", "prefix"))
        .isEqualTo("tandem: call takes no pattern");
  }
}
