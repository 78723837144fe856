package io.tandem.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthAnswer;
import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.AuthRequest;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Authenticator;
import io.tandem.node.auth.Authorizer;
import io.tandem.node.auth.Decision;
import io.tandem.node.auth.Principal;
import io.tandem.node.config.TimeoutsConfig;
import io.tandem.node.router.Attendance;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.RealmSettings;
import io.tandem.node.router.Router;
import io.tandem.node.router.Session;
import io.tandem.node.testing.Clients;
import io.tandem.node.testing.ManualTime;
import io.tandem.node.testing.OneLane;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.codec.PayloadBeyondLimits;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import io.tandem.registry.sessions.SessionDetails;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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
  static final Goodbye KILLED = new Goodbye(Options.EMPTY, "wamp.close.killed");
  static final String VIOLATION = "wamp.error.protocol_violation";

  final FakeTransport transport = new FakeTransport();
  final Slow slow = new Slow();
  Authorizer authorizer = (principal, action, uri, match) -> Decision.ALLOWED;
  private final OneLane world = new OneLane(realm("realm1"), realm("realm2"));
  final ManualTime time = world.time;
  final Queue<Runnable> tasks = world.tasks;
  final OneLane.Ids ids = world.ids;
  final Router router = world.router;
  SessionMachine machine;

  /** Remembers what it was asked, for the test to answer. */
  static final class Slow implements Authenticator {
    final List<AuthRequest> requests = new ArrayList<>();
    final List<String> proofs = new ArrayList<>();
    CompletableFuture<AuthStep> answer = new CompletableFuture<>();
    boolean isAbandoned;

    @Override
    public String method() {
      return "slow";
    }

    @Override
    public AuthAnswer begin(AuthRequest request) {
      requests.add(request);
      return later();
    }

    private AuthAnswer later() {
      answer = new CompletableFuture<>();
      return new AuthAnswer.Later(answer, () -> isAbandoned = true);
    }

    AuthStep accept() {
      return new AuthStep.Accepted(peter());
    }

    Principal peter() {
      return new Principal("realm1", "peter", "user", "slow", "test", Map.of("greeting", "hi"));
    }

    AuthStep challenge() {
      return new AuthStep.Challenged(
          new Challenge("slow", Map.of("session", requests.get(0).session())),
          proof -> {
            proofs.add(proof.signature());
            return later();
          });
    }
  }

  @BeforeEach
  void open() {
    machine = new SessionMachine(world.lane, transport, TIMEOUTS);
    machine.opened(transport.evidence());
  }

  private RealmSettings realm(String name) {
    return OneLane.realm(
        name,
        Clients.authentication(List.of(slow, new Anonymous()), Set.of("user"), new AuthPool()),
        (principal, action, uri, match) -> authorizer.authorize(principal, action, uri, match));
  }

  /** Lets everybody in at once. */
  static final class Anonymous implements Authenticator {
    @Override
    public String method() {
      return "anonymous";
    }

    @Override
    public AuthAnswer begin(AuthRequest request) {
      return new AuthStep.Accepted(
          new Principal("realm1", "someone", "user", "anonymous", "test", null));
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

  /** Those of the realm that the client joins. */
  final List<Session> sessions() {
    return Objects.requireNonNull(world.lane.realm("realm1")).sessions(any -> true);
  }

  /** Who joins the realm is told from now on. */
  final void hearWhoJoins(Consumer<SessionDetails> listener) {
    Objects.requireNonNull(world.lane.realm("realm1"))
        .watchers()
        .ofSessions(
            new Attendance() {
              @Override
              public CompletionStage<?> joined(SessionDetails session, CompletionStage<?> entered) {
                listener.accept(session);
                return entered;
              }

              @Override
              public void left(SessionDetails session, CompletionStage<?> removed) {}

              @Override
              public CompletionStage<?> freed(SessionDetails session) {
                return CompletableFuture.completedFuture(null);
              }
            });
  }

  final void runTasks() {
    world.runTasks();
  }

  /** The authenticator says what it owes. */
  final void answer(AuthStep step) {
    slow.answer.complete(step);
    runTasks();
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
        test.answer(test.slow.challenge());
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
        test.machine.leave(KILLED, CloseCause.NODE_LEAVES);
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
