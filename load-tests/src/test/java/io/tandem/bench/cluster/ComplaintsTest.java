package io.tandem.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComplaintsTest {

  @TempDir private Path directory;

  @Test
  void errorsTracesAndLeaksAreComplaints() {
    assertThat(
            Complaints.in(
                """
                06:10:11.123 INFO  Lane somebody was refused: an ERROR of theirs
                06:10:11.124 ERROR ClientTransport 127.0.0.1:5 failed
                java.lang.IllegalStateException: no
                \tat io.tandem.node.Node.main(Node.java:5)
                06:10:11.125 WARN  ResourceLeakDetector LEAK: ByteBuf.release() was not called
                """))
        .hasSize(3);
  }

  @Test
  void eachIsToldOnceAndWhole() throws IOException {
    Path log = directory.resolve("node.log");
    Files.writeString(log, "06:10:11.124 ERROR one\n06:10:11.125 ERR");
    Complaints complaints = new Complaints(log);

    assertThat(complaints.fresh()).containsExactly("06:10:11.124 ERROR one");
    Files.writeString(log, "OR two \u00e9\n", StandardOpenOption.APPEND);
    assertThat(complaints.fresh()).singleElement().asString().startsWith("06:10:11.125 ERROR two");
    assertThat(complaints.fresh()).isEmpty();
  }
}
