package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Interrupt;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unregistered;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.UriRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a router may send to a client, given what the client said: the strictest clients close the
 * connection over anything else (QRK-03 to QRK-08, QRK-13, PPT-06, PPT-07).
 */
final class Conduct {

  private record Delivered(long publication, long subscription) {}

  final Set<Long> subscriptions = new HashSet<>();
  final Set<Long> registrations = new HashSet<>();
  final Map<Long, WampMessage> unanswered = new HashMap<>();
  private final Set<Delivered> delivered = new HashSet<>();
  private final Set<Long> progressive = new HashSet<>();
  private final Object client;
  private final Supplier<ClientFeatures> features;
  private final Set<Long> inParts = new HashSet<>();
  private long lastInvocation;
  private long lastRequest;

  /**
   * @param client whose conduct it is, for messages
   */
  Conduct(Object client, Supplier<ClientFeatures> features) {
    this.client = client;
    this.features = features;
  }

  void says(WampMessage.FromClient message) {
    if (message instanceof Call call && call.request() <= lastRequest) {
      return; // A further part, which needs no answer of its own.
    }
    if (message instanceof WampMessage.Request request) {
      lastRequest = request.request();
    }
    if (message instanceof WampMessage.Request request && isAnswered(message)) {
      unanswered.put(request.request(), message);
    }
    if (message instanceof Call call && call.options().is(Keys.RECEIVE_PROGRESS)) {
      progressive.add(call.request());
    }
  }

  private static boolean isAnswered(WampMessage message) {
    return !(message instanceof Publish publish) || publish.options().is(Keys.ACKNOWLEDGE);
  }

  void hears(WampMessage message) {
    if (message instanceof Event event) {
      check(subscriptions.contains(event.subscription()), message);
      boolean isNew = delivered.add(new Delivered(event.publication(), event.subscription()));
      check(isNew || event.details().is(Keys.RETAINED), message); // which may be asked for again
    } else if (message instanceof Invocation invocation) {
      check(registrations.contains(invocation.registration()), message);
      hears(invocation);
      check(understands(ClientRole.CALLEE, invocation.details()), message);
    } else if (message instanceof Interrupt interrupt) {
      hears(interrupt);
    } else if (message instanceof Result result) {
      boolean isFinal = !result.details().is(Keys.PROGRESS);
      check(isFinal || progressive.contains(result.request()), message);
      check(understands(ClientRole.CALLER, result.details()), message);
      answers(message, result.request(), MessageCode.CALL, isFinal);
    } else if (message instanceof ErrorMessage error) {
      check(understands(ClientRole.CALLER, error.details()), message);
      answers(message, error.request(), error.requestType(), true);
    } else if (message instanceof Published published) {
      answers(message, published.request(), MessageCode.PUBLISH, true);
    } else if (message instanceof Subscribed subscribed) {
      answers(message, subscribed.request(), MessageCode.SUBSCRIBE, true);
      subscriptions.add(subscribed.subscription());
    } else if (message instanceof Registered registered) {
      answers(message, registered.request(), MessageCode.REGISTER, true);
      check(registrations.add(registered.registration()), message);
    } else if (message instanceof Unregistered revoked && revoked.request() == 0) {
      check(features.get().has(ClientFeature.REGISTRATIONS_REVOKED), message);
      check(registrations.remove(revoked.details().get(Keys.REGISTRATION)), message);
      check(UriRule.STRICT.isUri(revoked.details().get(Keys.REASON, "")), message);
    } else if (message instanceof Unsubscribed revoked && revoked.request() == 0) {
      check(features.get().has(ClientFeature.SUBSCRIPTIONS_REVOKED), message);
      check(subscriptions.remove(revoked.details().get(Keys.SUBSCRIPTION)), message);
      check(UriRule.STRICT.isUri(revoked.details().get(Keys.REASON, "")), message);
    } else if (message instanceof Unsubscribed unsubscribed) {
      WampMessage request = answers(message, unsubscribed.request(), MessageCode.UNSUBSCRIBE, true);
      check(subscriptions.remove(((Unsubscribe) request).subscription()), message);
    } else if (message instanceof Unregistered unregistered) {
      WampMessage request = answers(message, unregistered.request(), MessageCode.UNREGISTER, true);
      check(registrations.remove(((Unregister) request).registration()), message);
    } else if (!(message instanceof Goodbye)) {
      check(false, message);
    }
  }

  private boolean understands(ClientRole role, Options details) {
    return !details.has(Keys.PPT_SCHEME) || features.get().passthru().contains(role);
  }

  private void hears(Invocation invocation) {
    if (inParts.contains(invocation.request())) {
      check(invocation.details().has(Keys.PROGRESS), invocation);
    } else {
      check(invocation.request() == ++lastInvocation, invocation);
    }
    if (invocation.details().is(Keys.PROGRESS)) {
      check(features.get().has(ClientFeature.TAKES_PARTS), invocation);
      check(features.get().callCanceling(), invocation);
      inParts.add(invocation.request());
    } else {
      inParts.remove(invocation.request());
    }
  }

  private void hears(Interrupt interrupt) {
    check(features.get().callCanceling(), interrupt);
    check(interrupt.request() <= lastInvocation, interrupt);
    String mode = interrupt.options().get(Keys.MODE, "");
    check(mode.equals("kill") || mode.equals("killnowait"), interrupt);
    check(UriRule.STRICT.isUri(interrupt.options().get(Keys.REASON, "")), interrupt);
  }

  private WampMessage answers(WampMessage answer, long request, MessageCode code, boolean isFinal) {
    WampMessage question = isFinal ? unanswered.remove(request) : unanswered.get(request);
    check(question != null && question.code() == code, answer);
    return java.util.Objects.requireNonNull(question);
  }

  private void check(boolean allowed, WampMessage message) {
    assertThat(allowed).as("%s may be sent %s", client, message).isTrue();
  }
}
