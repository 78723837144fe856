package io.tandem.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts the payload out of a message: what stands between the last element of the protocol and the
 * end of the message's list. It is checked whole but not decoded. Belongs to one thread.
 */
public final class PayloadReader {

  private final TokenReader in;

  public PayloadReader(TokenReader in) {
    this.in = in;
  }

  /** A message of so many octets may be kept for the sake of the smallest part. */
  private static final int SMALL = 1 << 10;

  /**
   * Reads to the end of the message's list. Null stands for absent (MSG-09), and what is empty is
   * dropped, save Arguments before ArgumentsKw (MSG-08).
   */
  public Payload read() throws MalformedException {
    in.sawIndefinite();
    Token args = in.next();
    int from = in.start();
    if (args == Token.END_LIST) {
      return Payload.EMPTY;
    }
    if (args == Token.BINARY) {
      return binary(from);
    }
    boolean hasArgs = skip(args, Token.LIST, "Arguments must be a list");
    int argsEnd = in.position();
    Token kwargs = in.next();
    int kwargsFrom = in.start();
    if (kwargs != Token.END_LIST) {
      boolean hasKwargs = skip(kwargs, Token.MAP, "ArgumentsKw must be a dictionary");
      int to = in.position();
      expectEnd();
      if (hasKwargs) {
        return args == Token.LIST
            ? slice(Payload.Shape.ARGS_KWARGS, from, to)
            : withPlaceholder(kwargsFrom, to);
      }
    }
    return hasArgs ? slice(Payload.Shape.ARGS, from, argsEnd) : Payload.EMPTY;
  }

  private Payload binary(int from) throws MalformedException {
    int to = in.position();
    expectEnd();
    return slice(Payload.Shape.BINARY, from, to);
  }

  /** Reads the container whose first token is given; whether there is anything in it. */
  private boolean skip(Token first, Token wanted, String rule) throws MalformedException {
    if (first == Token.NULL) {
      return false;
    }
    if (first != wanted) {
      throw new MalformedException(rule);
    }
    in.next();
    boolean filled = in.depth() > 1;
    while (in.depth() > 1) {
      in.next();
    }
    return filled;
  }

  private void expectEnd() throws MalformedException {
    if (in.next() != Token.END_LIST) {
      throw new MalformedException("the message has too many elements");
    }
  }

  private Payload slice(Payload.Shape shape, int from, int to) throws MalformedException {
    byte[] message = in.in;
    int length = to - from;
    return definite(
        message.length > SMALL && length < message.length / 2
            // Who keeps a few octets must not keep a long message.
            ? Payload.slice(
                in.serializer(), shape, Arrays.copyOfRange(message, from, to), 0, length)
            : Payload.slice(in.serializer(), shape, message, from, length));
  }

  /** Null in the place of Arguments becomes an empty list, which every client understands. */
  private Payload withPlaceholder(int kwargsFrom, int to) throws MalformedException {
    ByteSink out = new ByteSink(to - kwargsFrom + 3);
    byte[] placeholder =
        switch (in.serializer()) {
          case JSON -> "[],".getBytes(StandardCharsets.US_ASCII);
          case MSGPACK -> new byte[] {(byte) 0x90};
          case CBOR -> new byte[] {(byte) 0x80};
        };
    out.write(placeholder, 0, placeholder.length);
    out.write(in.in, kwargsFrom, to - kwargsFrom);
    return definite(
        Payload.slice(in.serializer(), Payload.Shape.ARGS_KWARGS, out.array(), 0, out.length()));
  }

  /** Lengths that came indefinite leave definite (SER-04). */
  private Payload definite(Payload payload) throws MalformedException {
    if (!in.sawIndefinite()) {
      return payload;
    }
    try {
      TokenReader again = TokenReader.of(in.serializer(), DecodeLimits.CHECKED);
      return Transcoder.translate(again, payload, in.serializer());
    } catch (UntranslatableException e) {
      throw new IllegalStateException("a serializer carries all of its own values", e);
    }
  }
}
