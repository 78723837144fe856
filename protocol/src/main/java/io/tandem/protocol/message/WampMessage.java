package io.tandem.protocol.message;

/**
 * A WAMP message. Every kind is an immutable record; the nested roles say who has to treat it, so
 * that a method accepts only what it can handle.
 *
 * <p>Which kinds a client may send: {@link FromClient}. Which a router may send: {@link
 * FromRouter}. ABORT, GOODBYE and ERROR travel both ways.
 */
public sealed interface WampMessage {

  /** The type code, first element of the message on the wire. */
  MessageCode code();

  /** May arrive at a router (MSG-03). */
  sealed interface FromClient extends WampMessage
      permits Hello, Authenticate, Abort, Goodbye, ErrorMessage, ToBroker, ToDealer, Request {}

  /** May arrive at a client. */
  sealed interface FromRouter extends WampMessage
      permits Welcome,
          Challenge,
          Abort,
          Goodbye,
          ErrorMessage,
          Published,
          Subscribed,
          Unsubscribed,
          Event,
          Result,
          Registered,
          Unregistered,
          Invocation,
          Interrupt {}

  /** What a broker treats. */
  sealed interface ToBroker extends FromClient permits Publish, Subscribe, Unsubscribe {}

  /** What a dealer treats; a callee's ERROR reaches it too, once its type is known to be 68. */
  sealed interface ToDealer extends FromClient permits Call, Cancel, Register, Unregister, Yield {}

  /** Opens a request of the client's; all kinds share one sequence of request IDs (ID-05). */
  sealed interface Request extends FromClient
      permits Publish, Subscribe, Unsubscribe, Call, Register, Unregister {
    long request();
  }
}
