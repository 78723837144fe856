package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmitsConfigTest {

  @ParameterizedTest
  @CsvSource({
    "realm1, true",
    "realm, false",
    "realm1.more, false",
    "com.example.shop, true",
    "com.example., true",
    "com.example, false"
  })
  @Conformance("AUTH-01")
  void realmIsNamedAsAWholeOrByHowItBeginsUpToADot(String realm, boolean isAdmitted) {
    AdmitsConfig admits = new AdmitsConfig(Set.of("realm1", "com.example."), null);
    assertThat(admits.leadsTo(realm)).isEqualTo(isAdmitted);
  }

  @Test
  void nothingIsLeftOutUnlessItIsSaid() {
    assertThat(AdmitsConfig.DEFAULT.leadsTo("realm1")).isTrue();
    assertThat(AdmitsConfig.DEFAULT.takes("ticket")).isTrue();
    assertThat(new AdmitsConfig(null, Set.of("ticket")).takes("anonymous")).isFalse();
  }
}
