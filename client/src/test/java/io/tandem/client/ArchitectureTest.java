package io.tandem.client;

import io.tandem.testing.Architecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void packagesHaveNoCircles() {
    Architecture.of("io.tandem.client").hasNoCircles();
  }
}
