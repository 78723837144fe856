package io.tandem.node.auth;

import io.tandem.node.credentials.Hashes;
import io.tandem.node.provider.Principals;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has a procedure, or a plugin's provider, say who a client is (AUTH-12). It is asked with the
 * realm, the authid and the details of HELLO, and says in which role the client is, and, for
 * methods where the client proves that it has a secret, what it takes to judge the proof. The
 * method itself is that of an authenticator that knows this one client alone. Immutable.
 */
public final class DynamicAuthenticator implements Authenticator {

  /** The provider of those whom a procedure or a plugin knows. */
  public static final String PROVIDER = "dynamic";

  /** Who is asked. */
  public sealed interface Source {

    /** Tells it from all others. */
    String identity();

    /**
     * A procedure.
     *
     * @param realm whose procedure it is
     * @param timeout how long it may take
     */
    record Procedure(String realm, String procedure, Duration timeout) implements Source {
      @Override
      public String identity() {
        return "procedure\n" + realm + "\n" + procedure;
      }
    }

    /**
     * Those whom a provider knows, asked on a thread of the {@link AuthPool}.
     *
     * @param name under which it is installed
     * @param timeout how long it may take, waiting for the thread included
     */
    record Provider(String name, Principals principals, Duration timeout) implements Source {
      @Override
      public String identity() {
        return "provider\n" + name;
      }
    }
  }

  private static final AuthStep.Refused UNKNOWN =
      new AuthStep.Refused(WampUri.AUTHENTICATION_DENIED, "the authid or the secret is wrong");

  /** How a client of one method is judged by what is said of it. */
  @FunctionalInterface
  private interface Method {
    /**
     * An authenticator that knows this client, in any role, and nobody else.
     *
     * @throws IllegalArgumentException where what is said of it is not enough for the method
     */
    Authenticator knowing(String authid, Profile profile);
  }

  /** What HELLO lacks, whoever the client is: nobody is asked about such a client. */
  @FunctionalInterface
  private interface Need {
    AuthStep.@Nullable Refused lack(AuthRequest request);
  }

  private static final Need NONE = request -> null;

  private final String name;
  private final Source source;
  private final Need need;
  private final Method method;

  /** Challenges before anything is asked, and then the proof is part of the question; or null. */
  private final @Nullable Authenticator first;

  private DynamicAuthenticator(
      String name, Source source, Need need, Method method, @Nullable Authenticator first) {
    this.name = name;
    this.source = source;
    this.need = need;
    this.method = method;
    this.first = first;
  }

  /** Admits whom the procedure does, without a proof. */
  public static DynamicAuthenticator anonymous(Source source) {
    return new DynamicAuthenticator(
        AnonymousAuthenticator.METHOD,
        source,
        NONE,
        (authid, profile) -> new AnonymousAuthenticator(profile.role()),
        null);
  }

  // Challenges take what the procedure knows of the secret, so it is asked before them.

  /** Admits who signs with the secret that the procedure tells. */
  public static DynamicAuthenticator wampCra(Source source, InstantSource clock) {
    return new DynamicAuthenticator(
        CraAuthenticator.METHOD,
        source,
        CraAuthenticator::lack,
        (authid, profile) ->
            CraAuthenticator.knowing(authid, ToldSecrets.wampCra(profile), PROVIDER, clock),
        null);
  }

  /** Admits who proves the password of which the procedure tells the record. */
  public static DynamicAuthenticator scram(Source source) {
    return new DynamicAuthenticator(
        ScramAuthenticator.METHOD,
        source,
        request -> ScramAuthenticator.lack(request, ScramDialect.WAMP),
        (authid, profile) ->
            new ScramAuthenticator(Map.of(authid, ToldSecrets.scram(profile)), null),
        null);
  }

  /** Admits who signs with a key that the procedure tells. */
  public static DynamicAuthenticator cryptosign(Source source) {
    return new DynamicAuthenticator(
        CryptosignAuthenticator.METHOD,
        source,
        CryptosignAuthenticator::lack,
        (authid, profile) ->
            new CryptosignAuthenticator(Map.of(authid, ToldSecrets.cryptosign(profile))),
        null);
  }

  /** Admits whom the procedure does, by the certificate of its transport. */
  public static DynamicAuthenticator tls(Source source, InstantSource clock) {
    return new DynamicAuthenticator(
        TlsAuthenticator.METHOD,
        source,
        request -> TlsAuthenticator.lack(request, clock),
        (authid, profile) -> new AnonymousAuthenticator(profile.role()), // it is judged
        null);
  }

  /**
   * Asks about the ticket that a client has shown; the procedure judges it.
   *
   * @param overPlainText whether tickets are taken although others can read along
   */
  public static DynamicAuthenticator ticket(Source source, boolean overPlainText) {
    return new DynamicAuthenticator(
        TicketAuthenticator.METHOD,
        source,
        NONE,
        (authid, profile) -> new AnonymousAuthenticator(profile.role()), // it is judged
        new TicketAuthenticator(Map.of(), overPlainText));
  }

  @Override
  public String method() {
    return name;
  }

  /** Whom its source has admitted it has; that is not asked again before it is over. */
  @Override
  public byte @Nullable [] standing(Principal principal) {
    return name.equals(AnonymousAuthenticator.METHOD) || name.equals(TlsAuthenticator.METHOD)
        ? null
        : Hashes.utf8(source.identity());
  }

  @Override
  public AuthAnswer begin(AuthRequest request) {
    AuthStep.Refused lack = need.lack(request);
    if (lack != null) {
      return lack;
    } else if (first == null) {
      return consult(request, null);
    }
    AuthAnswer opening = first.begin(request);
    return opening instanceof AuthStep.Challenged challenged
        ? new AuthStep.Challenged(
            challenged.message(), proof -> consult(request, proof.signature()))
        : opening;
  }

  private AuthAnswer consult(AuthRequest request, @Nullable String ticket) {
    String authid = request.details().get(Keys.AUTHID);
    Map<String, @Nullable Object> details = new LinkedHashMap<>(request.details().toMap());
    if (ticket != null) {
      details.put("ticket", ticket);
    }
    details.put("session", request.session());
    details.put("authmethod", name);
    // Of a client's own words nothing stands under this name (AUTH-10).
    details.put("transport", request.evidence().told());
    if (source instanceof Source.Procedure procedure) {
      return new AuthAnswer.Consult(
          procedure.realm(),
          procedure.procedure(),
          procedure.timeout(),
          encoded(request.realm(), authid, details),
          result -> judge(request, ticket, Profile.of(result)));
    }
    Source.Provider provider = (Source.Provider) source;
    Map<String, @Nullable Object> told = Collections.unmodifiableMap(details);
    return new AuthAnswer.Blocking(
        () -> {
          Map<String, ? extends @Nullable Object> found =
              provider.principals().find(request.realm(), authid, told);
          // As if a procedure had said it, so that nothing else than that becomes of it.
          return found == null
              ? unknown()
              : now(judge(request, ticket, Profile.of(encoded(found))));
        },
        provider.timeout());
  }

  private static Payload encoded(@Nullable Object... arguments) {
    return Payload.encode(Arrays.asList(arguments), Map.of());
  }

  /** In the words in which a proof is refused that is wrong. */
  private AuthStep unknown() {
    return name.equals(TicketAuthenticator.METHOD) ? TicketAuthenticator.DENIED : UNKNOWN;
  }

  /** The step, on a thread that may block. */
  private static AuthStep now(AuthAnswer answer) throws Exception {
    if (answer instanceof AuthStep step) {
      return step;
    } else if (answer instanceof AuthAnswer.Blocking blocking) {
      return blocking.work().call();
    }
    throw new IllegalArgumentException("one question leads to another");
  }

  private AuthAnswer judge(AuthRequest request, @Nullable String ticket, Profile profile) {
    // Who only looks tickets up, and leaves it to the router to compare them, is understood.
    String expected = profile.text("ticket");
    if (ticket != null && expected != null && !TicketAuthenticator.isSame(expected, ticket)) {
      return TicketAuthenticator.DENIED;
    }
    String asked = request.details().get(Keys.AUTHID);
    String authid = asked == null ? UUID.randomUUID().toString() : asked;
    String given = profile.authid() == null ? authid : profile.authid();
    Function<Principal, Principal> naming =
        proved ->
            new Principal(
                profile.realm() == null ? request.realm() : profile.realm(),
                given,
                profile.role(),
                name,
                PROVIDER,
                profile.extra() == null ? proved.authextra() : profile.extra());
    return named(method.knowing(authid, profile).begin(request), naming);
  }

  /** The answer, with whoever is accepted called what the procedure calls it. */
  private static AuthAnswer named(AuthAnswer answer, Function<Principal, Principal> naming) {
    if (answer instanceof AuthStep step) {
      return named(step, naming);
    } else if (answer instanceof AuthAnswer.Later later) {
      return new AuthAnswer.Later(
          later.step().thenApply(step -> named(step, naming)), later.abandoned());
    } else if (answer instanceof AuthAnswer.Blocking blocking) {
      return new AuthAnswer.Blocking(
          () -> named(blocking.work().call(), naming), blocking.timeout());
    }
    throw new IllegalArgumentException("one question leads to another");
  }

  private static AuthStep named(AuthStep step, Function<Principal, Principal> naming) {
    if (step instanceof AuthStep.Accepted accepted) {
      return new AuthStep.Accepted(naming.apply(accepted.principal()));
    } else if (step instanceof AuthStep.Challenged challenged) {
      AuthStep.Verifier verifier = challenged.verifier();
      return new AuthStep.Challenged(
          challenged.message(), proof -> named(verifier.verify(proof), naming));
    }
    return step;
  }
}
