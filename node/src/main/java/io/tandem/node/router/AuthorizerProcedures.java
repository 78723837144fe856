package io.tandem.node.router;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Answer;
import io.tandem.node.auth.Authorizer;
import io.tandem.node.auth.Decision;
import io.tandem.node.auth.Principal;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks procedures whether a session may do something (AZ-08): each is called with the session's
 * details, the URI, the action and the options, and says true or false, or a dictionary with {@code
 * allow}, {@code disclose} and {@code cache}. Belongs to its lane.
 */
final class AuthorizerProcedures {

  private final LiveSettings settings;
  private final RouterMetrics metrics;

  /** By whom procedures are asked. */
  private Inquiry inquiry = Inquiry.NONE;

  AuthorizerProcedures(LiveSettings settings, RouterMetrics metrics) {
    this.settings = settings;
    this.metrics = metrics;
  }

  void inquire(Inquiry by) {
    inquiry = by;
  }

  /** By whom procedures of the realm are asked, whatever about. */
  Inquiry inquiry() {
    return inquiry;
  }

  /** Its decision; fails, on the lane, where there is none or where it is none. */
  CompletionStage<Decision> ask(
      Session session,
      Answer.Ask ask,
      Action action,
      String uri,
      MatchPolicy match,
      Options options) {
    metrics.authorizerCalls.increment();
    Authorizer asking = settings.now().authorizer();
    Principal about = session.principal();
    return inquiry
        .call(
            ask.procedure(),
            Options.of(Keys.TIMEOUT, ask.timeout().toMillis()),
            question(session, action, uri, match, options))
        .thenApply(
            answer -> {
              Said said = Said.of(answer);
              // Of older settings nothing is kept, nor of what the session was before.
              if (said.cache
                  && asking == settings.now().authorizer()
                  && about.equals(session.principal())
                  && !session.ended()) {
                session.keep(action, uri, match, said.decision);
              }
              return said.decision;
            });
  }

  private static Payload question(
      Session session, Action action, String uri, MatchPolicy match, Options options) {
    boolean isPattern = action == Action.SUBSCRIBE || action == Action.REGISTER;
    Options asked = isPattern ? options.with(Keys.MATCH, match.wireName()) : options;
    return Payload.encode(
        List.of(details(session), uri, action.name().toLowerCase(Locale.ROOT), asked.toMap()),
        Map.of());
  }

  private static Map<String, @Nullable Object> details(Session session) {
    Principal principal = session.principal();
    Map<String, @Nullable Object> details = new LinkedHashMap<>();
    details.put("session", session.id());
    details.put("realm", principal.realm());
    details.put("authid", principal.authid());
    details.put("authrole", principal.authrole());
    details.put("authmethod", principal.authmethod());
    details.put("authprovider", principal.authprovider());
    if (principal.authextra() != null) {
      details.put("authextra", principal.authextra());
    }
    Map<String, Object> transport = transport(session);
    if (!transport.isEmpty()) {
      details.put("transport", transport);
    }
    details.putAll(session.more);
    return details;
  }

  static Map<String, Object> transport(Session session) {
    Map<String, Object> transport = new LinkedHashMap<>(session.client());
    if (session.principal().certificate() != null) {
      transport.put("auth", session.principal().certificate().details());
    }
    return transport;
  }

  /** What a procedure has said. */
  private record Said(Decision decision, boolean cache) {

    /**
     * @throws IllegalArgumentException for what is no decision
     */
    static Said of(Payload answer) {
      List<@Nullable Object> args = answer.args();
      Object said = args.isEmpty() ? null : args.get(0);
      if (said instanceof Boolean allow) {
        return new Said(allow ? Decision.ALLOWED : Decision.DENIED, false);
      } else if (said instanceof Map<?, ?> dictionary && dictionary.get("allow") != null) {
        boolean allow = flag(dictionary, "allow");
        boolean disclose = flag(dictionary, "disclose");
        Decision allowed = disclose ? Decision.ALLOWED_DISCLOSED : Decision.ALLOWED;
        return new Said(allow ? allowed : Decision.DENIED, flag(dictionary, "cache"));
      }
      throw new IllegalArgumentException(
          "the authorizer says neither true nor false nor a dictionary with allow");
    }

    private static boolean flag(Map<?, ?> dictionary, String key) {
      Object value = dictionary.get(key);
      if (value == null || value instanceof Boolean) {
        return Boolean.TRUE.equals(value);
      }
      throw new IllegalArgumentException("the authorizer says a " + key + " that is no boolean");
    }
  }
}
