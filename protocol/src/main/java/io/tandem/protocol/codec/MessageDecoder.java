package io.tandem.protocol.codec;

import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Cancel;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Interrupt;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unregistered;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.JavaValues;
import io.tandem.protocol.wire.LimitException;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.PayloadReader;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.Token;
import io.tandem.protocol.wire.TokenReader;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of one transport. Checks all that can be told from a message alone: syntax,
 * number and types of the elements, known keys (MSG-01, MSG-02, MSG-07). Whether URIs are well
 * formed, and whether the message is due, others decide. Belongs to one thread.
 */
public final class MessageDecoder {

  private final TokenReader in;
  private final ElementReader elements;
  private final OptionsReader options;
  private final PayloadReader payloads;

  /** Of the message being read. */
  private MessageCode type = MessageCode.HELLO;

  /** The limit that its payload crosses. */
  private @Nullable String crossed;

  public MessageDecoder(Serializer serializer, DecodeLimits limits) {
    in = TokenReader.of(serializer, limits);
    elements = new ElementReader(in);
    options = new OptionsReader(in, elements);
    payloads = new PayloadReader(in);
  }

  /**
   * The message in these bytes. Its payload is a slice of them, so they must not change any more.
   *
   * @throws PayloadBeyondLimits if they may be one, but for the payload, which crosses the limits
   * @throws ProtocolViolation if they are not one well-formed message, whatever else they are; no
   *     other exception comes out
   */
  public WampMessage decode(byte[] bytes, int offset, int length) throws ProtocolViolation {
    try {
      in.reset(bytes, offset, length);
      type = elements.begin();
      WampMessage message = message();
      if (crossed != null) {
        throw new PayloadBeyondLimits(message, "payload: " + crossed);
      }
      in.finish();
      return message;
    } catch (MalformedException e) {
      throw new ProtocolViolation(e.getMessage());
    } finally {
      crossed = null;
      in.release();
    }
  }

  /** Elements are read in the order in which the constructors' arguments are evaluated. */
  private WampMessage message() throws MalformedException {
    return switch (type) {
      case CALL -> new Call(id("Request"), options(), string("Procedure"), payload());
      case YIELD -> new Yield(id("Request"), options(), payload());
      case PUBLISH -> new Publish(id("Request"), options(), string("Topic"), payload());
      case EVENT -> new Event(id("Subscription"), id("Publication"), details(), payload());
      case INVOCATION -> new Invocation(id("Request"), id("Registration"), details(), payload());
      case RESULT -> new Result(id("Request"), details(), payload());
      case ERROR ->
          new ErrorMessage(
              elements.messageCode("Request.Type"),
              id("Request.Request"),
              details(),
              string("Error"),
              payload());
      case ABORT -> new Abort(details(), string("Reason"), payload());
      case HELLO -> last(new Hello(elements.stringOrNull("Realm"), details()));
      case WELCOME -> last(new Welcome(id("Session"), details()));
      case CHALLENGE -> last(new Challenge(string("AuthMethod"), extra()));
      case AUTHENTICATE -> last(new Authenticate(string("Signature"), extra()));
      case GOODBYE -> last(new Goodbye(details(), string("Reason")));
      case PUBLISHED -> last(new Published(id("Request"), id("Publication")));
      case SUBSCRIBE -> last(new Subscribe(id("Request"), options(), string("Topic")));
      case SUBSCRIBED -> last(new Subscribed(id("Request"), id("Subscription")));
      case UNSUBSCRIBE -> last(new Unsubscribe(id("Request"), id("Subscription")));
      case CANCEL -> last(new Cancel(id("Request"), options()));
      case REGISTER -> last(new Register(id("Request"), options(), string("Procedure")));
      case REGISTERED -> last(new Registered(id("Request"), id("Registration")));
      case UNREGISTER -> last(new Unregister(id("Request"), id("Registration")));
      case INTERRUPT -> last(new Interrupt(id("Request"), options()));
      case UNSUBSCRIBED -> {
        long request = elements.idOrZero("Request");
        yield new Unsubscribed(request, revocation(request));
      }
      case UNREGISTERED -> {
        long request = elements.idOrZero("Request");
        yield new Unregistered(request, revocation(request));
      }
    };
  }

  private WampMessage last(WampMessage message) throws MalformedException {
    elements.end();
    return message;
  }

  private long id(String element) throws MalformedException {
    return elements.id(element);
  }

  private String string(String element) throws MalformedException {
    return elements.string(element);
  }

  private Options options() throws MalformedException {
    return dictionary("Options");
  }

  private Options details() throws MalformedException {
    return dictionary("Details");
  }

  private Options dictionary(String element) throws MalformedException {
    elements.beginMap(element);
    return options.read(type);
  }

  /** CHALLENGE and AUTHENTICATE: what is in there is the authentication method's business. */
  private Map<String, @Nullable Object> extra() throws MalformedException {
    elements.beginMap("Extra");
    return JavaValues.readMap(in);
  }

  private Payload payload() throws MalformedException {
    try {
      return payloads.read();
    } catch (LimitException limit) {
      crossed = limit.getMessage();
      return Payload.EMPTY;
    }
  }

  /** The details that say what was revoked, where the router speaks unasked (ID-01). */
  private Options revocation(long request) throws MalformedException {
    if (in.next() == Token.END_LIST) {
      if (request == 0) {
        throw elements.wrong("Request", "an ID where Details are missing");
      }
      return Options.EMPTY;
    }
    elements.checkMap("Details");
    Options details = options.read(type);
    elements.end();
    return details;
  }
}
