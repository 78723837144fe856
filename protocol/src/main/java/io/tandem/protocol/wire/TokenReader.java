package io.tandem.protocol.wire;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Pulls tokens out of bytes and checks everything on the way: syntax, UTF-8, limits. It never
 * allocates by a length that the bytes merely announce, and the values of tokens are made only when
 * asked for. Belongs to one thread; {@link #reset} makes it ready for the next bytes.
 */
public abstract sealed class TokenReader permits JsonReader, BinaryReader {

  private static final byte[] NOTHING = new byte[0];

  final DecodeLimits limits;
  byte[] in = NOTHING;
  int pos;
  int end;

  /** Containers open around the next token. */
  int depth;

  int start;
  Token token = Token.NULL;
  long integer;
  int count;

  /** Where the current KEY, TEXT or BINARY lies, as plain UTF-8 or octets. */
  byte[] text = NOTHING;

  int textStart;
  int textEnd;

  TokenReader(DecodeLimits limits) {
    this.limits = limits;
  }

  public static TokenReader of(Serializer serializer, DecodeLimits limits) {
    return switch (serializer) {
      case JSON -> new JsonReader(limits);
      case MSGPACK -> new MsgpackReader(limits);
      case CBOR -> new CborReader(limits);
    };
  }

  /** The serializer this reader understands. */
  public abstract Serializer serializer();

  /** Starts over with these bytes, which must not change while they are read. */
  public void reset(byte[] bytes, int offset, int length) {
    in = bytes;
    pos = offset;
    end = offset + length;
    depth = 0;
  }

  /** Lets go of the bytes, so that an idle reader does not keep the last message alive. */
  public void release() {
    in = NOTHING;
    text = NOTHING;
  }

  /** Reads the next token. */
  public final Token next() throws MalformedException {
    token = read();
    return token;
  }

  abstract Token read() throws MalformedException;

  /** Having read the first token of a value, reads what is left of it. */
  public final void skipRest() throws MalformedException {
    while (token == Token.TAG) {
      next();
    }
    if (token == Token.LIST || token == Token.MAP) {
      int outer = depth - 1;
      do {
        next();
      } while (depth > outer);
    }
  }

  /** Steps over what separates two values outside of any container. */
  abstract void separator() throws MalformedException;

  /** Makes sure that nothing follows. */
  public abstract void finish() throws MalformedException;

  /** The token that {@link #next} read last. */
  public final Token token() {
    return token;
  }

  /** Where the current token starts. */
  public final int start() {
    return start;
  }

  /** Where the next token may start: the octet after the current one. */
  public final int position() {
    return pos;
  }

  /** Containers open around the next token. */
  public final int depth() {
    return depth;
  }

  /** The value of an INTEGER. */
  public final long integer() {
    return integer;
  }

  /** The value of a BIG_INTEGER. */
  public abstract BigInteger bigInteger();

  /** The value of a FLOAT; infinite for a JSON number that no float can hold. */
  public abstract double real();

  /** The elements of a LIST or entries of a MAP, or {@link TokenWriter#UNKNOWN}. */
  public final int count() {
    return count;
  }

  /** The value of a KEY or TEXT. */
  public final String string() {
    load();
    return new String(text, textStart, textEnd - textStart, StandardCharsets.UTF_8);
  }

  /** The array with the current KEY or TEXT in UTF-8, or with the current BINARY. */
  public final byte[] text() {
    load();
    return text;
  }

  /** Where it starts in {@link #text}; valid after that call. */
  public final int textStart() {
    return textStart;
  }

  /** Where it ends in {@link #text}; valid after that call. */
  public final int textEnd() {
    return textEnd;
  }

  /** Makes {@link #text} plain, where reading alone did not need it so. */
  void load() {}

  /** Whether anything since the last call came with an indefinite length. */
  boolean sawIndefinite() {
    return false;
  }

  /** Enters a container. */
  final void enter() throws MalformedException {
    if (++depth > limits.maxDepth()) {
      throw new LimitException("nested deeper than " + limits.maxDepth());
    }
  }

  final void checkElements(long elements) throws MalformedException {
    if (elements > limits.maxElements()) {
      throw new LimitException("more than " + limits.maxElements() + " elements");
    }
  }

  final MalformedException malformed(String what) {
    return new MalformedException("malformed " + serializer().wireName() + ": " + what);
  }
}
