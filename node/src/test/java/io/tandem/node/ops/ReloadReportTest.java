package io.tandem.node.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.link.ReloadOutcome;
import io.tandem.cluster.link.ReloadResult;
import io.tandem.cluster.nodes.NodeConfigurations.Answer;
import io.tandem.registry.NodeId;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the answers of nodes come to. */
class ReloadReportTest {

  @ParameterizedTest
  @CsvSource({
    "CHANGED, d, UNCHANGED, d, 200",
    "CHANGED, d, NO_FILE, d, 200",
    "CHANGED, d, CHANGED, e, 409",
    "REFUSED, d, CHANGED, d, 409",
    "CHANGED, d, REFUSED, e, 409",
    "CHANGED, d, TOO_OLD, '', 409",
    "CHANGED, d, UNREACHABLE, '', 504",
    "UNANSWERED, '', CHANGED, d, 504",
    "REFUSED, d, UNANSWERED, '', 409",
    "CHANGED, d, LEAVING, '', 200"
  })
  void worstOfThemDecides(
      ReloadOutcome mine, String digest, ReloadOutcome theirs, String other, int status) {
    ReloadReport report =
        ReloadReport.of(
            List.of(),
            new ReloadResult(mine, digest, List.of()),
            List.of(new Answer(new NodeId("b", 2), new ReloadResult(theirs, other, List.of()))));
    assertThat(report.status()).isEqualTo(status);
  }
}
