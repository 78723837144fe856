package io.tandem.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values that docs/balancers has for the load balancers of clouds. */
class BalancersTest {

  private static final Path FILES = Path.of("..", "docs", "balancers");

  /** Kinds that belong to those who make the balancers, and of which no model is here. */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "(?m)^kind: (Gateway|BackendTrafficPolicy|GCPBackendPolicy|HealthCheckPolicy)$");

  @ParameterizedTest
  @CsvSource({
    "aws-nlb.yaml, Service",
    "aws-alb.yaml, Ingress",
    "gateway.yaml, HTTPRoute",
    "gke.yaml, HTTPRoute"
  })
  void valuesLeadClientsToNodesThatAcceptTheirConfiguration(String file, String door)
      throws Exception {
    String text = Chart.with(FILES.resolve(file));
    assertThat(text).doesNotContain("{{");
    Manifests rendered =
        Manifests.parse(
            Arrays.stream(text.split("(?m)^---$"))
                .filter(document -> !FOREIGN.matcher(document).find())
                .collect(Collectors.joining("\n---\n")));
    assertThat(rendered.all()).extracting(HasMetadata::getKind).contains(door);
    assertThat(Pods.config(rendered)).isNotNull();
  }
}
