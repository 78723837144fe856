package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsConfigTest {

  private static final OriginsConfig LISTED =
      new OriginsConfig(Set.of("https://app.example.com", "http://[2001:db8::1]:3000"));

  @Test
  void listAdmitsItsOriginsAndNoOther() {
    assertThat(LISTED.admits("https://app.example.com", "router", true)).isTrue();
    assertThat(LISTED.admits("HTTPS://App.Example.com", "router", false)).isTrue();
    assertThat(LISTED.admits("http://[2001:db8::1]:3000", "router", false)).isTrue();
    assertThat(LISTED.admits("http://app.example.com", "router", false)).isFalse();
    assertThat(LISTED.admits("https://app.example.com:8443", "router", false)).isFalse();
    assertThat(LISTED.admits("https://app.example.com.evil.com", "router", false)).isFalse();
    assertThat(LISTED.admits("http://localhost", "localhost", true)).isFalse();
    assertThat(LISTED.admits("null", "router", false)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:3000, true",
    "http://127.0.0.1:8080, true",
    "https://127.9.9.9, true",
    "http://[::1]:8080, true",
    "http://evil.com, false",
    "http://evil.com:8080, false",
    "http://localhost.evil.com, false",
    "http://127.0.0.1.evil.com, false",
    "file://, false",
    "null, false",
    "'', false"
  })
  void unconfiguredLoopbackAdmitsPagesOfThisMachineOnly(String origin, boolean admitted) {
    // A name of evil.com may resolve to 127.0.0.1: the Host header then says evil.com as well.
    String host = origin.replaceFirst("https?://", "");
    assertThat(OriginsConfig.DEFAULT.admits(origin, host, true)).isEqualTo(admitted);
  }

  @ParameterizedTest
  @CsvSource({
    "https://router.example.com, router.example.com, true",
    "https://router.example.com, router.example.com:443, true",
    "https://router.example.com:8443, Router.Example.com:8443, true",
    "http://[2001:db8::1], [2001:db8::1], true",
    "http://[2001:db8::1], [2001:db8::1]:80, true",
    "https://router.example.com, router.example.com:8443, false",
    "https://router.example.com:8443, router.example.com, false",
    "https://evil.com, router.example.com, false",
    "http://localhost, router.example.com, false",
    "null, router.example.com, false"
  })
  void unconfiguredListenerElsewhereAdmitsTheSameOriginOnly(
      String origin, String host, boolean admitted) {
    assertThat(OriginsConfig.DEFAULT.admits(origin, host, false)).isEqualTo(admitted);
  }

  @Test
  void pageWithoutHostHeaderIsRefused() {
    assertThat(OriginsConfig.DEFAULT.admits("https://router.example.com", null, false)).isFalse();
  }

  @Test
  void programsWithoutOriginAreAdmittedEvenByAnEmptyList() {
    assertThat(OriginsConfig.DEFAULT.admits(null, "router", false)).isTrue();
    assertThat(new OriginsConfig(Set.of()).admits(null, "router", false)).isTrue();
    assertThat(new OriginsConfig(Set.of()).admits("http://localhost", "router", true)).isFalse();
  }

  @Test
  void starAdmitsEveryPage() {
    OriginsConfig any = new OriginsConfig(Set.of("*"));
    assertThat(any.admits("https://anything.example", null, false)).isTrue();
    assertThat(any.admits("null", null, false)).isTrue();
  }
}
