package io.tandem.node.auth;

import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.AuthStep.Refused;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.WampUri;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a realm decides who may join: its authenticators, of which the client's list chooses one.
 * Immutable; used by all lanes.
 *
 * <p>Whatever an authenticator does, each step gets at most one answer, and an exception refuses
 * the client.
 */
public final class Authentication {

  private static final Logger log = LoggerFactory.getLogger(Authentication.class);

  private final Map<String, Authenticator> methods = new LinkedHashMap<>();
  private final Set<String> roles;

  /**
   * @param authenticators one per method; none at all admits nobody
   * @param roles the roles of the realm
   */
  public Authentication(List<Authenticator> authenticators, Set<String> roles) {
    for (Authenticator authenticator : authenticators) {
      if (methods.put(authenticator.method(), authenticator) != null) {
        throw new IllegalArgumentException("two authenticators for " + authenticator.method());
      }
    }
    this.roles = Set.copyOf(roles);
  }

  /**
   * Begins with the first method in the client's order that the realm has (AUTH-02). Called on the
   * session's lane, and answers there, as {@link Authenticator#begin} does.
   */
  public void begin(AuthRequest request, Consumer<? super AuthStep> next) {
    List<String> wanted = request.details().get(Keys.AUTHMETHODS, List.of());
    if (wanted.isEmpty()) {
      wanted = List.of(AnonymousAuthenticator.METHOD);
    }
    for (String method : wanted) {
      Authenticator authenticator = methods.get(method);
      if (authenticator != null) {
        new Step(request, next).run(answer -> authenticator.begin(request, answer));
        return;
      }
    }
    next.accept(noMethod(wanted));
  }

  /** Whether the realm has this role. */
  public boolean hasRole(String role) {
    return roles.contains(role);
  }

  private static Refused noMethod(List<String> wanted) {
    return wanted.contains(AnonymousAuthenticator.METHOD)
        ? new Refused(WampUri.AUTHENTICATION_REQUIRED, "anonymous sessions are not allowed here")
        : new Refused(
            WampUri.NO_MATCHING_AUTH_METHOD, "none of the authmethods is configured for the realm");
  }

  /** One question to an authenticator, and its one answer. */
  private final class Step implements Consumer<AuthStep> {
    private final AuthRequest request;
    private final Consumer<? super AuthStep> next;
    private boolean answered;

    Step(AuthRequest request, Consumer<? super AuthStep> next) {
      this.request = request;
      this.next = next;
    }

    void run(Consumer<Consumer<AuthStep>> question) {
      try {
        question.accept(this);
      } catch (RuntimeException e) {
        if (answered) {
          throw e; // from behind the answer, not from the authenticator
        }
        log.error(
            "Authentication failed in realm {}, session {}", request.realm(), request.session(), e);
        accept(new Refused(WampUri.AUTHENTICATION_FAILED, "authentication could not be done"));
      }
    }

    @Override
    public void accept(AuthStep step) {
      if (answered) {
        log.error(
            "Second answer in realm {}, session {}: ignored", request.realm(), request.session());
        return;
      }
      answered = true;
      next.accept(checked(step));
    }

    private AuthStep checked(AuthStep step) {
      if (step instanceof Challenged challenged) {
        return new Challenged(
            challenged.message(),
            (proof, then) ->
                new Step(request, then).run(answer -> challenged.verifier().verify(proof, answer)));
      }
      return step;
    }
  }
}
