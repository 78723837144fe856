package io.tandem.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Patience;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes, played by shells, that are started together and end together. */
class NodeProcessesTest {

  private static final String READY =
      "echo '12:00:00 tandem: ready: ws://127.0.0.1:1/ws, management http://127.0.0.1:2 (2 lanes)'";

  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<String> happened = new CopyOnWriteArrayList<>();
  private final NodeProcesses nodes =
      new NodeProcesses(
          new NodeProcesses.Listener() {
            @Override
            public void says(String node, String line) {
              said.add(node + " | " + line);
            }

            @Override
            public void happens(String sentence) {
              happened.add(sentence);
            }
          });

  /** A node that does this; it waits for a line where it reads one, and for ever. */
  private NodeProcess node(String name, String script) throws IOException {
    return Objects.requireNonNull(nodes.start(name, new ProcessBuilder("sh", "-c", script)));
  }

  @AfterEach
  void noneIsLeft() {
    nodes.kill();
    Patience.join(nodes.ended());
  }

  @Test
  void readyNodeTellsItsDoors() throws IOException {
    NodeProcess node = node("a", READY + "; read line");

    assertThat(Patience.join(node.ready()))
        .isEqualTo(new NodeProcess.Doors("ws://127.0.0.1:1/ws", "http://127.0.0.1:2"));
    assertThat(said).singleElement().asString().startsWith("a | 12:00:00 tandem: ready: ");
  }

  @Test
  void nodeWithoutAWebSocketListenerIsReadyToo() throws IOException {
    NodeProcess node =
        node("a", READY.replace("ws://127.0.0.1:1/ws", "unix:/run/a") + "; read line");

    assertThat(Patience.join(node.ready()))
        .isEqualTo(new NodeProcess.Doors("", "http://127.0.0.1:2"));
  }

  @Test
  void allThatANodeSaidIsToldBeforeItsEnd() throws IOException {
    NodeProcess node = node("a", "for i in 1 2 3; do echo $i; done; echo last >&2; exit 3");

    assertThat(Patience.join(node.ended())).isEqualTo(3);
    assertThat(said).containsExactly("a | 1", "a | 2", "a | 3", "a | last");
    assertThat(node.ready()).isCompletedExceptionally();
  }

  @Test
  void nodeThatDoesNotStartEndsTheOthers() throws IOException {
    node("a", "read line");
    node("b", "exit 1");

    assertThat(Patience.join(nodes.ended())).isNotZero();
    assertThat(happened)
        .startsWith("b ended with code 1", "b did not start, so the others are stopped");
    assertThat(nodes.start("c", new ProcessBuilder("true"))).isNull();
  }

  @Test
  void nodeThatWasReadyEndsAlone() throws IOException {
    NodeProcess other = node("a", READY + "; read line");
    NodeProcess one = node("b", READY + "; read line; exit 7");
    Patience.join(other.ready());
    Patience.join(one.ready());

    one.process().getOutputStream().close();

    assertThat(Patience.join(one.ended())).isEqualTo(7);
    Patience.until("its end is told", () -> !happened.isEmpty());
    assertThat(happened).containsExactly("b ended with code 7");
    assertThat(other.isAlive()).isTrue();
    nodes.stop();
    assertThat(Patience.join(nodes.ended())).isEqualTo(7);
  }

  @Test
  void thoseThatEndWellWhenAskedToEndWithZeroAndNoWord() throws IOException {
    for (String name : List.of("a", "b")) {
      Patience.join(
          node(name, "trap 'exit 0' TERM; " + READY + "; while :; do sleep 0.01; done").ready());
    }

    nodes.stop();

    assertThat(Patience.join(nodes.ended())).isZero();
    assertThat(happened).isEmpty();
  }

  @Test
  void signalsReachANode() throws IOException {
    NodeProcess node = node("a", "trap 'exit 5' HUP; " + READY + "; while :; do sleep 0.01; done");
    Patience.join(node.ready());

    node.signal("HUP");

    assertThat(Patience.join(node.ended())).isEqualTo(5);
  }
}
