package io.tandem.node.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * What docs/conversations says is what happens: on one node, and on three with each client on
 * another one than the client before it. Transports and serializers take turns, with each client
 * and with each conversation.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversationsIT {

  private static final Path DOCUMENTS =
      Path.of("").toAbsolutePath().getParent().resolve("docs/conversations");

  private static final Path REALM = DOCUMENTS.resolve("realm.yaml");

  private static final List<Serializer> SERIALIZERS =
      List.of(Serializer.JSON, Serializer.MSGPACK, Serializer.CBOR);

  private static List<Conversation> conversations() {
    String only = System.getProperty("conversations.only", "");
    try (Stream<Path> files = Files.list(DOCUMENTS)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .flatMap(ConversationsIT::read)
          .filter(conversation -> conversation.place().contains(only))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Conversation> read(Path document) {
    try {
      return Conversation.read(document).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> onOneNode() throws IOException {
    TestNode node =
        TestNode.start(
            TestNode.LISTENER + TestNode.MANAGEMENT + Files.readString(REALM) + "lanes: 2\n");
    return tests(List.of(node)).onClose(node::close);
  }

  @TestFactory
  Stream<DynamicTest> onThreeNodes() throws IOException {
    TestCluster cluster = TestCluster.serving(3, Files.readString(REALM));
    return tests(cluster.nodes()).onClose(cluster::close);
  }

  private static Stream<DynamicTest> tests(List<TestNode> nodes) {
    List<Conversation> all = conversations();
    return Stream.iterate(0, number -> number < all.size(), number -> number + 1)
        .map(
            number ->
                DynamicTest.dynamicTest(
                    all.get(number).place(), () -> new Talk(nodes, number).hold(all.get(number))));
  }

  /** One conversation, held. */
  private static final class Talk {

    private final List<TestNode> nodes;
    private final int number;
    private final Meanings meanings = new Meanings();
    private final Map<String, Speaker> speakers = new LinkedHashMap<>();
    private int joined;

    Talk(List<TestNode> nodes, int number) {
      this.nodes = nodes;
      this.number = number;
    }

    void hold(Conversation conversation) {
      try {
        conversation.steps().forEach(this::take);
        speakers.values().forEach(Talk::leave); // and has heard nothing more than what is written
      } finally {
        speakers.values().forEach(Speaker::hangUp);
      }
    }

    private void take(Conversation.Step step) {
      try {
        act(step);
      } catch (AssertionError failure) {
        throw new AssertionError("line " + step.line() + ": " + failure.getMessage(), failure);
      }
    }

    private void act(Conversation.Step step) {
      if (step.kind() == Conversation.Kind.OPENS) {
        speakers.put(step.client(), open());
        return;
      } else if (step.kind() == Conversation.Kind.JOINS) {
        speakers.put(step.client(), join(step));
        return;
      }
      Speaker speaker = speakers.get(step.client());
      assertThat(speaker).as("%s, who has joined", step.client()).isNotNull();
      switch (step.kind()) {
        case SAYS -> speaker.say(meanings.said(step.text()));
        case HEARS -> {
          String heard = speaker.hear();
          assertThat(meanings.matches(step.text(), heard))
              .withFailMessage("expected %s but heard %s", step.text(), heard)
              .isTrue();
        }
        case LEAVES -> {
          leave(speaker);
          speaker.hangUp();
        }
        case HANGS_UP -> speaker.hangUp();
        default -> speaker.untilClosed();
      }
      if (step.kind() != Conversation.Kind.SAYS && step.kind() != Conversation.Kind.HEARS) {
        speakers.remove(step.client());
      }
    }

    private Speaker open() {
      int way = number + joined;
      TestNode node = nodes.get(joined++ % nodes.size());
      return new Speaker(node, way % 2 == 0, SERIALIZERS.get(way % SERIALIZERS.size()));
    }

    private Speaker join(Conversation.Step step) {
      Speaker speaker = open();
      speaker.say(Speaker.hello(meanings.said(step.text())));
      String welcome = speaker.hear();
      assertThat(welcome).startsWith("[2,");
      meanings.put(step.client(), Meanings.parsed(welcome).get(1).asLong());
      return speaker;
    }

    private static void leave(Speaker speaker) {
      speaker.say("[6,{},\"wamp.close.close_realm\"]");
      assertThat(speaker.hear()).startsWith("[6,{},\"wamp.close.goodbye_and_out\"]");
    }
  }
}
