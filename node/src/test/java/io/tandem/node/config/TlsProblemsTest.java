package io.tandem.node.config;

import static io.tandem.node.config.Yaml.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a listener's certificates may not be. */
class TlsProblemsTest {

  @Test
  void certificatesOfOtherNamesNeedNamesThatTlsKnowsAndEachOnce() {
    String yaml =
        """
        listeners:
          - tls:
              byName:
                - {names: []}
                - {names: [10.0.0.1, a.example.com]}
                - {names: [A.example.com]}
                - {names: ["*.*.com", "*"]}
                - {names: [b.example.com]}
                - {names: ["*.example.com", b.example.com]}
        realms: [{name: realm1}]
        """;
    String name =
        "a host name in lower case such as a.example.com or, for one label, *.example.com";
    assertThat(problems(yaml))
        .filteredOn(problem -> problem.contains("names"))
        .containsExactly(
            "node.yaml:4: listeners[0].tls.byName[0].names: expected a list, not empty, of text: "
                + name
                + ", found an empty list",
            "node.yaml:5: listeners[0].tls.byName[1].names[0]: expected text: "
                + name
                + ", found '10.0.0.1'",
            "node.yaml:6: listeners[0].tls.byName[2].names[0]: expected text: "
                + name
                + ", found 'A.example.com'",
            "node.yaml:7: listeners[0].tls.byName[3].names[0]: expected text: "
                + name
                + ", found '*.*.com'",
            "node.yaml:7: listeners[0].tls.byName[3].names[1]: expected text: "
                + name
                + ", found '*'",
            "node.yaml:9: listeners[0].tls.byName[5].names: b.example.com is one of"
                + " listeners[0].tls.byName[4] too");
  }
}
