package io.tandem.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthRequest;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Authentication;
import io.tandem.node.auth.Authenticator;
import io.tandem.node.auth.Authorizer;
import io.tandem.node.auth.Decision;
import io.tandem.node.auth.Principal;
import io.tandem.node.config.TimeoutsConfig;
import io.tandem.node.router.Budget;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Lane;
import io.tandem.node.router.RealmSettings;
import io.tandem.node.router.Router;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.codec.PayloadBeyondLimits;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.UriSyntax;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.log.RegistryLog;
import io.tandem.registry.log.RegistryWriter;
import io.tandem.registry.record.SharedRecord;
import io.tandem.registry.sessions.SessionIds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The state machine with a transport, a clock and an authenticator that a test plays itself. */
abstract class OneClient {

  static final TimeoutsConfig TIMEOUTS =
      new TimeoutsConfig(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofSeconds(4),
          Duration.ofSeconds(5),
          Duration.ofSeconds(6));

  static final String ANONYMOUS = "[1,\"realm1\",{\"roles\":{\"caller\":{}}}]";
  static final String SLOWLY =
      "[1,\"realm1\",{\"roles\":{\"caller\":{}},\"authmethods\":[\"slow\"]}]";
  static final String VIOLATION = "wamp.error.protocol_violation";

  final FakeTransport transport = new FakeTransport();
  final ManualTime time = new ManualTime();
  final Queue<Runnable> tasks = new ArrayDeque<>();
  final Ids ids = new Ids();
  final Slow slow = new Slow();
  Authorizer authorizer = (principal, action, uri, match) -> Decision.ALLOWED;
  Router router;
  SessionMachine machine;

  /** Session IDs, of which a test sees the claimed ones. */
  static final class Ids implements SessionIds {
    final Set<Long> claimed = new HashSet<>();
    private long last = 100;

    /** What becomes of the next claims; null while they succeed at once. */
    @Nullable CompletableFuture<Long> outcome;

    @Override
    public CompletionStage<Long> claim() {
      if (outcome != null) {
        return outcome;
      }
      claimed.add(++last);
      return CompletableFuture.completedFuture(last);
    }

    @Override
    public void release(long id) {
      assertThat(claimed.remove(id)).as("claimed before").isTrue();
    }
  }

  /** Remembers what it was asked, for the test to answer. */
  static final class Slow implements Authenticator {
    final List<AuthRequest> requests = new ArrayList<>();
    final List<String> proofs = new ArrayList<>();
    Consumer<? super AuthStep> answer = step -> {};

    @Override
    public String method() {
      return "slow";
    }

    @Override
    public void begin(AuthRequest request, Consumer<? super AuthStep> next) {
      requests.add(request);
      answer = next;
    }

    AuthStep accept() {
      return new AuthStep.Accepted(
          new Principal("realm1", "peter", "user", "slow", "test", Map.of("greeting", "hi")));
    }

    AuthStep challenge() {
      return new AuthStep.Challenged(
          new Challenge("slow", Map.of("session", requests.get(0).session())),
          (proof, next) -> {
            proofs.add(proof.signature());
            answer = next;
          });
    }
  }

  @BeforeEach
  void open() {
    NodeId self = new NodeId("node", 1);
    RoutingTables tables = new RoutingTables(self);
    router =
        new Router(
            self,
            List.of(realm("realm1"), realm("realm2")),
            tables,
            new RegistryWriter(
                SharedRecord.local(),
                tables,
                new RegistryLog(self, tables),
                tasks::add,
                time,
                node -> false),
            ids,
            new Budget(1 << 20),
            1 << 20);
    Lane lane =
        Lane.join(
            router,
            tasks::add,
            tasks::add,
            time,
            message -> {
              throw new AssertionError("nobody subscribes");
            });
    machine = new SessionMachine(lane, transport, TIMEOUTS);
    machine.opened();
  }

  private RealmSettings realm(String name) {
    return new RealmSettings(
        name,
        UriSyntax.REALM,
        false,
        true,
        false,
        false,
        10,
        10,
        10,
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        1,
        10,
        10_000,
        new Authentication(List.of(slow, new Anonymous()), Set.of("user")),
        (principal, action, uri, match) -> authorizer.authorize(principal, action, uri, match));
  }

  /** Lets everybody in at once. */
  static final class Anonymous implements Authenticator {
    @Override
    public String method() {
      return "anonymous";
    }

    @Override
    public void begin(AuthRequest request, Consumer<? super AuthStep> next) {
      next.accept(
          new AuthStep.Accepted(
              new Principal("realm1", "someone", "user", "anonymous", "test", null)));
    }
  }

  @AfterEach
  void nothingIsLeftBehindWhenTheTransportEnds() {
    machine.lost(CloseCause.TRANSPORT_LOST);
    runTasks();
    assertThat(ids.claimed).as("session IDs").isEmpty();
    assertThat(transport.holds).as("holds").isZero();
    assertThat(time.timers()).as("timers").isZero();
  }

  final void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  final void receive(String json) {
    receiveOnly(json);
    runTasks();
  }

  /** What comes of it later does not happen yet. */
  final void receiveOnly(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    try {
      machine.received(
          new MessageDecoder(Serializer.JSON, DecodeLimits.DEFAULT).decode(bytes, 0, bytes.length));
    } catch (PayloadBeyondLimits beyond) {
      machine.received(beyond);
    } catch (ProtocolViolation malformed) {
      machine.violated(malformed);
    }
  }

  /** What was sent since the last look, as JSON. */
  final List<String> sent() {
    List<String> texts = transport.sent.stream().map(OneClient::json).toList();
    transport.sent.clear();
    return texts;
  }

  private static String json(WampMessage message) {
    ByteSink sink = new ByteSink();
    try {
      MessageEncoder.encode(message, Serializer.JSON, sink);
    } catch (UntranslatableException e) {
      throw new AssertionError(e);
    }
    return new String(sink.toByteArray(), StandardCharsets.UTF_8);
  }

  /** The states of SES-21, each reached the way a client does. */
  enum From {
    CLOSED {
      @Override
      void reach(OneClient test) {}
    },
    THINKING {
      @Override
      void reach(OneClient test) {
        test.receive(SLOWLY);
      }
    },
    CHALLENGED {
      @Override
      void reach(OneClient test) {
        THINKING.reach(test);
        test.slow.answer.accept(test.slow.challenge());
      }
    },
    VERIFYING {
      @Override
      void reach(OneClient test) {
        CHALLENGED.reach(test);
        test.receive("[5,\"proof\",{}]");
      }
    },
    ESTABLISHED {
      @Override
      void reach(OneClient test) {
        test.receive(ANONYMOUS);
      }
    },
    REOPENED {
      @Override
      void reach(OneClient test) {
        ESTABLISHED.reach(test);
        test.receive("[6,{},\"wamp.close.normal\"]");
      }
    },
    SHUTTING_DOWN {
      @Override
      void reach(OneClient test) {
        ESTABLISHED.reach(test);
        test.machine.leave("wamp.close.killed");
      }
    },
    ENDED {
      @Override
      void reach(OneClient test) {
        test.receive("[3,{},\"wamp.close.normal\"]");
      }
    };

    abstract void reach(OneClient test);
  }
}
