package io.tandem.bench;

import io.tandem.testing.Architecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void packagesHaveNoCircles() {
    Architecture.of("io.tandem.bench").hasNoCircles();
  }
}
