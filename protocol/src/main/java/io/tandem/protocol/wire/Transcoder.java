package io.tandem.protocol.wire;

/** Copies values from one serializer to another, token by token (SER-06). */
final class Transcoder {

  private Transcoder() {}

  /** The same payload in another serializer, or in its own with all lengths definite. */
  static Payload translate(TokenReader in, Payload source, Serializer target)
      throws MalformedException, UntranslatableException {
    // Formats differ little in size; Base64 adds a third.
    ByteSink out = new ByteSink(source.length() + source.length() / 4 + 16);
    TokenWriter writer = TokenWriter.of(target, out);
    in.reset(source.bytes(), source.offset(), source.length());
    for (int i = 0; i < source.shape().elements(); i++) {
      if (i > 0) {
        in.separator();
      }
      copyValue(in, writer, target);
    }
    return Payload.slice(target, source.shape(), out.array(), 0, out.length());
  }

  private static void copyValue(TokenReader in, TokenWriter out, Serializer target)
      throws MalformedException, UntranslatableException {
    boolean same = in.serializer() == target;
    do {
      copyToken(in, in.next(), out, same);
    } while (in.depth() > 0 || in.token() == Token.TAG);
  }

  private static void copyToken(TokenReader in, Token token, TokenWriter out, boolean same)
      throws UntranslatableException {
    switch (token) {
      case LIST -> out.beginList(in.count());
      case END_LIST -> out.endList();
      case MAP -> out.beginMap(in.count());
      case END_MAP -> out.endMap();
      // text() makes the two positions valid, and arguments are evaluated from left to right.
      case KEY -> out.key(in.text(), in.textStart(), in.textEnd());
      case TEXT -> out.text(in.text(), in.textStart(), in.textEnd());
      case BINARY -> out.binary(in.text(), in.textStart(), in.textEnd());
      default -> {
        if (same) {
          out.raw(in.in, in.start(), in.position(), token == Token.TAG ? 0 : 1);
        } else {
          translate(in, token, out);
        }
      }
    }
  }

  private static void translate(TokenReader in, Token token, TokenWriter out)
      throws UntranslatableException {
    switch (token) {
      case NULL -> out.nul();
      case FALSE -> out.bool(false);
      case TRUE -> out.bool(true);
      case INTEGER -> out.integer(in.integer());
      case BIG_INTEGER -> out.bigInteger(in.bigInteger());
      case FLOAT -> out.real(floatOf(in));
      case TAG -> throw untranslatable(in, "tags");
      default -> throw untranslatable(in, "extension types");
    }
  }

  private static double floatOf(TokenReader in) throws UntranslatableException {
    double value = in.real();
    if (Double.isInfinite(value) && in.serializer() == Serializer.JSON) {
      throw new UntranslatableException("a json number is beyond the range of floats");
    }
    return value;
  }

  private static UntranslatableException untranslatable(TokenReader in, String what) {
    return new UntranslatableException(
        what + " of " + in.serializer().wireName() + " mean nothing to other serializers");
  }
}
