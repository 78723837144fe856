package io.tandem.protocol.codec;

import io.tandem.protocol.id.Ids;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.protocol.wire.Token;
import io.tandem.protocol.wire.TokenReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the elements of a message's list one after the other, each with the one type that its
 * position allows (MSG-01). Belongs to one thread.
 */
final class ElementReader {

  /** Beyond it, floats are no longer exact (ID-08). */
  private static final double MAX_EXACT = Ids.MAX;

  private final TokenReader in;

  /** The type of the message being read, once its code is. */
  private @Nullable MessageCode message;

  ElementReader(TokenReader in) {
    this.in = in;
  }

  /** Reads the start of the list and the type code. */
  MessageCode begin() throws MalformedException {
    message = null;
    if (in.next() != Token.LIST) {
      throw new MalformedException("a message must be a list");
    }
    in.next();
    if (!isInteger()) {
      throw new MalformedException("a message must start with its type code");
    }
    MessageCode code = MessageCode.of(integer());
    if (code == null) {
      throw new MalformedException("unknown message type " + integer());
    }
    message = code;
    return code;
  }

  /** Reads the end of the list. */
  void end() throws MalformedException {
    if (in.next() != Token.END_LIST) {
      throw new MalformedException("the message has too many elements");
    }
  }

  long id(String element) throws MalformedException {
    in.next();
    long id = isInteger() ? integer() : 0;
    if (!Ids.isId(id)) {
      throw wrong(element, "an integer from 1 to 2^53");
    }
    return id;
  }

  /** An ID, or zero where the router speaks without having been asked (ID-01). */
  long idOrZero(String element) throws MalformedException {
    in.next();
    if (!isInteger() || integer() < 0 || integer() > Ids.MAX) {
      throw wrong(element, "an integer from 0 to 2^53");
    }
    return integer();
  }

  MessageCode messageCode(String element) throws MalformedException {
    in.next();
    MessageCode code = isInteger() ? MessageCode.of(integer()) : null;
    if (code == null) {
      throw wrong(element, "the type code of a message");
    }
    return code;
  }

  String string(String element) throws MalformedException {
    in.next();
    return currentString(element);
  }

  @Nullable String stringOrNull(String element) throws MalformedException {
    return in.next() == Token.NULL ? null : currentString(element);
  }

  private String currentString(String element) throws MalformedException {
    if (in.token() != Token.TEXT) {
      throw wrong(element, "a string");
    }
    return in.string();
  }

  /** Reads the start of a dictionary. */
  void beginMap(String element) throws MalformedException {
    in.next();
    checkMap(element);
  }

  /** Makes sure that the current token starts a dictionary. */
  void checkMap(String element) throws MalformedException {
    if (in.token() != Token.MAP) {
      throw wrong(element, "a dictionary");
    }
  }

  /** Whether the current token is a whole number that fits a long, written as a float or not. */
  boolean isInteger() {
    return in.token() == Token.INTEGER || (in.token() == Token.FLOAT && isWhole(in.real()));
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) <= MAX_EXACT;
  }

  /** The value of such a token. */
  long integer() {
    return in.token() == Token.FLOAT ? (long) in.real() : in.integer();
  }

  MalformedException wrong(String element, String wanted) {
    return new MalformedException(position(element) + " must be " + wanted);
  }

  /** How an element or key is called towards the peer, such as CALL.Procedure. */
  String position(String element) {
    return message == null ? element : message + "." + element;
  }
}
