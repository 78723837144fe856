package io.tandem.protocol.uri;

/** The predefined URIs which a router sends itself (ERR-01), and those it has to recognise. */
public final class WampUri {

  // Errors of requests.
  /** A URI is malformed or reserved (URI-07, URI-08). */
  public static final String INVALID_URI = "wamp.error.invalid_uri";

  /** No registration matches the CALL (RPC-05). */
  public static final String NO_SUCH_PROCEDURE = "wamp.error.no_such_procedure";

  /** The procedure is taken, or held under another policy (RPC-02). */
  public static final String PROCEDURE_ALREADY_EXISTS = "wamp.error.procedure_already_exists";

  /** The ID is unknown or another session's (RPC-03). */
  public static final String NO_SUCH_REGISTRATION = "wamp.error.no_such_registration";

  /** The ID is unknown or another session's (PS-05). */
  public static final String NO_SUCH_SUBSCRIPTION = "wamp.error.no_such_subscription";

  /** Arguments of a router procedure are bad, or a payload cannot be transcoded (SER-09). */
  public static final String INVALID_ARGUMENT = "wamp.error.invalid_argument";

  /** The caller cancelled the call, or its callee is gone (RPC-18). */
  public static final String CANCELED = "wamp.error.canceled";

  /** The receiver does not take messages of this size (TR-04). */
  public static final String PAYLOAD_SIZE_EXCEEDED = "wamp.error.payload_size_exceeded";

  /** The call took longer than it may. */
  public static final String TIMEOUT = "wamp.error.timeout";

  /** The router could not deliver (RPC-16). */
  public static final String NETWORK_FAILURE = "wamp.error.network_failure";

  /** A callee asks for another one to be tried. */
  public static final String UNAVAILABLE = "wamp.error.unavailable";

  /** Every callee was tried. */
  /** Crossbar's, where callees limit how many calls they take at once (RPC-SHR-09). */
  public static final String MAX_CONCURRENCY_REACHED = "crossbar.error.max_concurrency_reached";

  public static final String NO_AVAILABLE_CALLEE = "wamp.error.no_available_callee";

  /** The receiver lacks a feature that the message needs (PPT-06). */
  public static final String FEATURE_NOT_SUPPORTED = "wamp.error.feature_not_supported";

  /** Configuration forbids an option. */
  public static final String OPTION_NOT_ALLOWED = "wamp.error.option_not_allowed";

  /** Configuration forbids disclosure (RPC-IDENT-04, PS-IDENT-03). */
  public static final String OPTION_DISALLOWED_DISCLOSE_ME =
      "wamp.error.option_disallowed.disclose_me";

  /** A session meta procedure was asked about an unknown session. */
  public static final String NO_SUCH_SESSION = "wamp.error.no_such_session";

  /** The reason of a forced UNREGISTERED (RPC-REV). */
  public static final String UNREGISTERED = "wamp.error.unregistered";

  // Authorization.
  /** The action is denied (AZ-02). */
  public static final String NOT_AUTHORIZED = "wamp.error.not_authorized";

  /** The authorizer failed, so the action is not performed (AZ-03). */
  public static final String AUTHORIZATION_FAILED = "wamp.error.authorization_failed";

  // Reasons of ABORT.
  /** The peer broke the protocol (SES-20). */
  public static final String PROTOCOL_VIOLATION = "wamp.error.protocol_violation";

  /** The realm does not exist and is not created on demand (SES-04). */
  public static final String NO_SUCH_REALM = "wamp.error.no_such_realm";

  /** The realm does not know the role that was authenticated. */
  public static final String NO_SUCH_ROLE = "wamp.error.no_such_role";

  /** None of the methods offered is usable. */
  public static final String NO_MATCHING_AUTH_METHOD = "wamp.error.no_matching_auth_method";

  /** The authid is unknown; AUTH-06 prefers not to tell. */
  public static final String NO_SUCH_PRINCIPAL = "wamp.error.no_such_principal";

  /** The credentials are wrong. */
  public static final String AUTHENTICATION_DENIED = "wamp.error.authentication_denied";

  /** Authentication could not be carried out, or took too long (AUTH-07). */
  public static final String AUTHENTICATION_FAILED = "wamp.error.authentication_failed";

  /** Anonymous sessions are not allowed. */
  public static final String AUTHENTICATION_REQUIRED = "wamp.error.authentication_required";

  // Reasons of GOODBYE.
  /** The node or the realm stops. */
  public static final String SYSTEM_SHUTDOWN = "wamp.close.system_shutdown";

  /** The peer leaves the realm. */
  public static final String CLOSE_REALM = "wamp.close.close_realm";

  /** The answer to a GOODBYE (SES-12). */
  public static final String GOODBYE_AND_OUT = "wamp.close.goodbye_and_out";

  /** An administrator or a meta procedure ended the session. */
  public static final String KILLED = "wamp.close.killed";

  /** What common clients say when they leave; never sent by a router. */
  public static final String CLOSE_NORMAL = "wamp.close.normal";

  /** What clients of Crossbar say to log out: the router is to forget that they had logged in. */
  public static final String CLOSE_LOGOUT = "wamp.close.logout";

  /** Whether the first component is the reserved {@code wamp} (URI-08). */
  public static boolean isReserved(String uri) {
    return uri.startsWith("wamp") && (uri.length() == 4 || uri.charAt(4) == '.');
  }

  private WampUri() {}
}
