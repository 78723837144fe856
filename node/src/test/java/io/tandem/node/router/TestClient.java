package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Principal;
import io.tandem.node.credentials.ClientCertificate;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.codec.PayloadBeyondLimits;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of a {@link World}. It speaks and hears JSON, with single quotes for the eyes' sake, and
 * is as strict as the strictest clients in use: {@link Conduct} fails the test where they would
 * close the connection.
 */
final class TestClient implements Outbox {

  static final ClientFeatures NO_FEATURES = new ClientFeatures(false, false, false);

  final World world;
  final TestNode node;
  final Lane lane;
  final long id;
  final Conduct conduct = new Conduct(this, this::features);

  // To be set before it joins.
  String realmName = World.REALM;
  String authid = "anybody";
  String authrole = "anonymous";
  Serializer serializer = Serializer.JSON;
  ClientFeatures features = new ClientFeatures(true, true, true, EnumSet.allOf(ClientRole.class));

  /** Octets of the longest message that it takes. */
  int maxLength = Integer.MAX_VALUE;

  boolean disconnected;

  /** Whether much waits for it. */
  boolean isCrowded;

  /** Is told every message that arrives. */
  Consumer<WampMessage> listener = message -> {};

  /** Is told every message that the router is about to treat. */
  Consumer<WampMessage> speaker = message -> {};

  /** What procedures are told of it. */
  Map<String, Object> told = Map.of();

  int holds;

  private final List<String> inbox = new ArrayList<>();

  /** What it has said while it was held. */
  private final Deque<Runnable> unread = new ArrayDeque<>();

  private @Nullable Session session;
  private long lastRequest;

  @Override
  public Map<String, Object> client() {
    return told;
  }

  TestClient(World world, TestNode node, int lane, long id) {
    this.world = world;
    this.node = node;
    this.lane = node.lanes.get(lane);
    this.id = id;
  }

  /** What its transport has shown; null for nothing. */
  @Nullable ClientCertificate certificate;

  /** Whom it logs in as. */
  void is(String who, String role) {
    authid = who;
    authrole = role;
  }

  void join() {
    node.sessions.add(id);
    Principal principal =
        new Principal(realmName, authid, authrole, "test", "test", null).showing(certificate);
    Session fresh = new Session(id, principal, features, this, realm().account());
    session = fresh;
    fresh.whenExpelled(
        goodbye -> {
          send(goodbye);
          realm().leave(fresh);
        });
    lane.execute(() -> realm().join(fresh));
    world.stirred();
  }

  /** Ends the session. */
  void leave() {
    lane.execute(() -> realm().leave(session()));
    world.stirred();
  }

  Realm realm() {
    Realm realm = lane.realm(realmName);
    assertThat(realm).isNotNull();
    return realm;
  }

  private ClientFeatures features() {
    return features;
  }

  Session session() {
    assertThat(session).isNotNull();
    return session;
  }

  // ---- what it says ----

  /** Sends a message. */
  void says(String text) {
    byte[] bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    try {
      says(
          new MessageDecoder(Serializer.JSON, DecodeLimits.DEFAULT).decode(bytes, 0, bytes.length));
    } catch (PayloadBeyondLimits beyond) {
      treats(
          (WampMessage.FromClient) beyond.received(),
          message -> realm().refuse(session(), message, beyond.getMessage()));
    } catch (ProtocolViolation violation) {
      lane.execute(() -> violated(violation));
      world.stirred();
    }
  }

  void says(WampMessage message) {
    treats((WampMessage.FromClient) message, this::receive);
  }

  /** Whether it is a further part of a call. */
  private boolean isPart(WampMessage message) {
    return message instanceof Call call
        && call.request() <= lastRequest
        && features.has(ClientFeature.CALLS_IN_PARTS);
  }

  /** What it says behind a request that is not decided on waits (ORD-08). */
  private void receive(WampMessage.FromClient message) throws ProtocolViolation {
    CompletableFuture<Verdict.Final> verdict = realm().receive(session(), message);
    if (verdict != null) {
      hold();
      verdict.whenComplete((known, ended) -> decided(message, known));
    }
  }

  private void decided(WampMessage.FromClient message, Verdict.@Nullable Final verdict) {
    try {
      if (verdict != null && !session().ended()) {
        realm().treat(session(), message, verdict);
      }
    } catch (ProtocolViolation violation) {
      violated(violation);
    } finally {
      release();
    }
  }

  /** How a realm treats a message. */
  private interface Treatment {
    void of(WampMessage.FromClient message) throws ProtocolViolation;
  }

  private void treats(WampMessage.FromClient message, Treatment treatment) {
    if (message instanceof WampMessage.Request request && !isPart(message)) {
      lastRequest = request.request();
    }
    lane.execute(() -> arrives(() -> process(message, treatment)));
    world.stirred();
  }

  private void arrives(Runnable treatment) {
    if (holds == 0 && unread.isEmpty()) {
      treatment.run();
    } else {
      unread.add(treatment);
    }
  }

  private void process(WampMessage.FromClient message, Treatment treatment) {
    if (session().ended()) {
      return;
    }
    conduct.says(message);
    speaker.accept(message);
    try {
      treatment.of(message);
    } catch (ProtocolViolation violation) {
      violated(violation);
    }
  }

  private void violated(ProtocolViolation violation) {
    inbox.add("ABORT " + violation.getMessage());
    realm().leave(session());
  }

  /** The request ID that is next. */
  long next() {
    return lastRequest + 1;
  }

  /** Subscribes to a topic and returns the subscription. */
  long subscribes(String topic) {
    return subscribes(topic, "exact");
  }

  long subscribes(String topic, String match) {
    says("[32," + next() + ",{'match':'" + match + "'},'" + topic + "']");
    return answered(33);
  }

  /** Registers a procedure and returns the registration. */
  long registers(String procedure) {
    return registers(procedure, "");
  }

  /** Registers a procedure with these options, {@code 'invoke':'last'} say. */
  long registers(String procedure, String options) {
    says("[64," + next() + ",{" + options + "},'" + procedure + "']");
    return answered(65);
  }

  /** Calls a procedure without arguments; the answer is for the test to look at. */
  void calls(String procedure) {
    says("[48," + next() + ",{},'" + procedure + "']");
  }

  private long answered(int code) {
    assertThat(inbox).hasSize(1);
    String answer = inbox.remove(0);
    assertThat(answer).startsWith("[" + code + "," + lastRequest + ",");
    return Long.parseLong(answer.substring(answer.lastIndexOf(',') + 1, answer.length() - 1));
  }

  // ---- what it hears ----

  /** What has arrived since the test last asked. */
  List<String> hears() {
    List<String> heard = List.copyOf(inbox);
    inbox.clear();
    return heard;
  }

  @Override
  public Serializer serializer() {
    return serializer;
  }

  @Override
  public SendResult send(SharedMessage message) {
    return send(message.message());
  }

  @Override
  public SendResult send(WampMessage message) {
    assertThat(session().ended()).as("%s sent after the end of %s", message, id).isFalse();
    if (disconnected) {
      return SendResult.CLOSED;
    }
    ByteSink bytes = new ByteSink();
    try {
      MessageEncoder.encode(message, serializer, bytes);
    } catch (UntranslatableException untranslatable) {
      return SendResult.UNTRANSLATABLE;
    }
    if (bytes.length() > maxLength) {
      return SendResult.TOO_LONG;
    }
    inbox.add(text(message));
    conduct.hears(message);
    listener.accept(message);
    return SendResult.SENT;
  }

  @Override
  public boolean isCrowded() {
    return isCrowded;
  }

  private String text(WampMessage message) {
    ByteSink json = new ByteSink();
    try {
      MessageEncoder.encode(message, Serializer.JSON, json);
    } catch (UntranslatableException untranslatable) {
      return message.code() + " that JSON cannot carry";
    }
    String text =
        new String(json.array(), 0, json.length(), StandardCharsets.UTF_8).replace('"', '\'');
    if (message instanceof Event event) {
      return text.replace(
          "," + event.publication() + ",", "," + world.nameOf(event.publication()) + ",");
    } else if (message instanceof Published published) {
      return text.replace(
          "," + published.publication() + "]", "," + world.nameOf(published.publication()) + "]");
    }
    return text;
  }

  @Override
  public void hold() {
    holds++;
  }

  @Override
  public void release() {
    assertThat(--holds).as("holds of %s", id).isNotNegative();
    lane.execute(
        () -> {
          while (holds == 0 && !unread.isEmpty()) {
            unread.remove().run();
          }
        });
  }

  /** At rest every request is answered, but for calls whose callee has not answered (A1). */
  void checkEverythingIsAnswered() {
    if (!session().ended() && !disconnected) {
      assertThat(conduct.unanswered.keySet())
          .as("unanswered requests of %s", this)
          .isEqualTo(session().calls.keySet());
    }
  }

  void checkNothingIsLeft() {
    assertThat(session().subscriptions).isEmpty();
    assertThat(session().registrations).isEmpty();
    assertThat(session().calls).isEmpty();
    assertThat(session().invocations).isEmpty();
    assertThat(session().memory.used()).as("memory of %s", id).isZero();
    assertThat(holds).as("holds of %s", id).isZero();
  }

  @Override
  public String toString() {
    return "client " + id + " on " + node.laneName(lane.number());
  }
}
