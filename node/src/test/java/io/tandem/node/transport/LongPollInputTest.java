package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tandem.cluster.link.Loop;
import io.tandem.node.router.FreezeWatch;
import io.tandem.node.testing.OneLane;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of the requests by which a long-poll client sends, when they are not treated yet.
 */
class LongPollInputTest {

  private static final Duration SLEEP = Duration.ofSeconds(3);

  private final OneLane one = new OneLane();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<Runnable> awakes = new ArrayList<>();
  private final List<String> messages = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();
  private final Taker taker = new Taker();

  private ReadTurns turns;
  private LongPollInput input;

  private final class Taker implements LongPollInput.Taker, ReadTurns.Reader {
    private boolean isClosing;

    @Override
    public void received(ByteBuf message) {
      messages.add(message.toString(StandardCharsets.UTF_8));
      isClosing |= messages.contains("bye");
    }

    @Override
    public void violated(String how) {
      throw new AssertionError(how);
    }

    @Override
    public boolean hasViolated() {
      return false;
    }

    @Override
    public void batchesAre(Framing framing) {}

    @Override
    public void closedByClient(LongPollInput.Asked poll) {
      poll.answer(Poll.NO_CONTENT, null);
      isClosing = true;
    }

    @Override
    public boolean isClosing() {
      return isClosing;
    }

    @Override
    public void read(Object message) {
      input.read();
    }

    @Override
    public void readRest() {
      input.read();
    }

    @Override
    public void noteHeld() {}

    @Override
    public void heard() {}

    @Override
    public void listen(boolean mayRead) {}
  }

  @BeforeEach
  void begin() {
    one.router.clustered((since, goOn) -> awakes.add(goOn), () -> true);
    FreezeWatch watch = new FreezeWatch(one.router, new Loop(Runnable::run, one.time));
    turns = new ReadTurns(watch, new LongAdder(), taker);
    turns.begin(channel.eventLoop());
    input = new LongPollInput(turns, new Subprotocol(Serializer.JSON, false), taker);
  }

  /** The lane has had no turn for long: it may have missed what other nodes said. */
  private void sleep() {
    one.time.pass(SLEEP);
  }

  private void awake() {
    awakes.remove(0).run();
    channel.runPendingTasks();
  }

  private void send(String message) {
    ByteBuf body = Unpooled.copiedBuffer(message, StandardCharsets.UTF_8);
    input.arrived(new LongPollInput.Sent(body, (status, line) -> answers.add(status + message)));
  }

  private void close() {
    input.arrived(new LongPollInput.Sent(null, (status, line) -> answers.add(status + "close")));
  }

  @Test
  @Conformance("LP-08")
  void requestIsAnsweredWhenItsMessageIsTreated() {
    send("one");
    assertThat(messages).containsExactly("one");
    assertThat(answers).containsExactly("204one");
    assertThat(input.octets()).isZero();
  }

  @Test
  @Conformance("LP-07")
  void whatComesWhileTheLaneMayNotReadIsCountedAndKeepsItsOrder() {
    sleep();
    send("one");
    send("three");
    assertThat(messages).isEmpty();
    assertThat(answers).isEmpty();
    assertThat(input.octets()).isEqualTo(8);
    awake();
    assertThat(messages).containsExactly("one", "three");
    assertThat(answers).containsExactly("204one", "204three");
    assertThat(input.octets()).isZero();
    send("five");
    assertThat(messages).endsWith("five");
  }

  @Test
  void whatComesWhileTheClientIsHeldIsCounted() {
    turns.hold();
    send("one");
    assertThat(input.octets()).isEqualTo(3);
    assertThat(answers).isEmpty();
    turns.release();
    channel.runPendingTasks();
    assertThat(answers).containsExactly("204one");
    assertThat(input.octets()).isZero();
  }

  @Test
  void everyRequestIsAnsweredWhenTheTransportEndsBeforeTheLaneReads() {
    sleep();
    send("one");
    close();
    taker.isClosing = true;
    input.ignoreRest();
    turns.end();
    assertThat(answers).containsExactly("204one", "204close");
    assertThat(input.octets()).isZero();
    awake();
    assertThat(messages).isEmpty();
  }

  @Test
  @Conformance("LP-10")
  void closeComesBehindWhatWasSent() {
    sleep();
    send("one");
    close();
    send("two");
    awake();
    assertThat(messages).containsExactly("one");
    assertThat(answers).containsExactly("204one", "204close", "204two");
  }

  /** AutobahnJS sends both at once, and its user hears of the end only by an answer of success. */
  @Test
  @Conformance({"LP-08", "LP-10"})
  void closeBehindTheMessageThatEndsTheSessionHasWhatItAskedFor() {
    turns.hold();
    send("bye");
    close();
    send("late");
    turns.release();
    channel.runPendingTasks();
    assertThat(answers).containsExactly("204bye", "204close", "204late");
  }
}
