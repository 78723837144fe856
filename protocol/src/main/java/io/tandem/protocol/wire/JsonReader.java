package io.tandem.protocol.wire;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * JSON after RFC 8259, to the letter. Two things are stricter, since nothing else could carry them
 * on: an escaped surrogate needs its other half, and a string that starts with U+0000 must go on in
 * Base64, because it stands for octets (SER-05).
 */
final class JsonReader extends TokenReader {

  /** Where the reader stands in the innermost container. */
  private enum Place {
    OUTSIDE,
    LIST_FIRST,
    LIST_NEXT,
    MAP_FIRST,
    MAP_NEXT,
    MAP_VALUE
  }

  private Place[] places = {Place.OUTSIDE, Place.OUTSIDE, Place.OUTSIDE, Place.OUTSIDE};
  private int[] elements = new int[places.length];
  private boolean escaped;
  private boolean base64;
  private final JsonText unescaped = new JsonText();

  JsonReader(DecodeLimits limits) {
    super(limits);
  }

  @Override
  public Serializer serializer() {
    return Serializer.JSON;
  }

  @Override
  public void release() {
    super.release();
    unescaped.release();
  }

  @Override
  Token read() throws MalformedException {
    int c = peek();
    switch (places[depth]) {
      case LIST_FIRST -> {
        if (c == ']') {
          return leave(Token.END_LIST);
        }
        places[depth] = Place.LIST_NEXT;
      }
      case LIST_NEXT -> {
        if (c == ']') {
          return leave(Token.END_LIST);
        }
        checkElements(++elements[depth]);
        c = after(c, ',');
      }
      case MAP_FIRST -> {
        return c == '}' ? leave(Token.END_MAP) : key(c);
      }
      case MAP_NEXT -> {
        if (c == '}') {
          return leave(Token.END_MAP);
        }
        checkElements(++elements[depth]);
        return key(after(c, ','));
      }
      case MAP_VALUE -> {
        places[depth] = Place.MAP_NEXT;
        c = after(c, ':');
      }
      case OUTSIDE -> {}
    }
    return value(c);
  }

  @Override
  void separator() throws MalformedException {
    after(peek(), ',');
  }

  @Override
  public void finish() throws MalformedException {
    if (peek() >= 0) {
      throw malformed("octets after the end");
    }
  }

  /** The next octet that is not whitespace, not consumed; -1 at the end. */
  private int peek() {
    while (pos < end) {
      byte c = in[pos];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c & 0xFF;
      }
      pos++;
    }
    return -1;
  }

  private int after(int c, char separator) throws MalformedException {
    if (c != separator) {
      throw unexpected();
    }
    pos++;
    return peek();
  }

  private Token key(int c) throws MalformedException {
    if (c != '"') {
      throw malformed("a key must be a string");
    }
    start = pos;
    scanString();
    places[depth] = Place.MAP_VALUE;
    return Token.KEY;
  }

  private Token value(int c) throws MalformedException {
    start = pos;
    return switch (c) {
      case '"' -> {
        scanString();
        yield isBinary() ? binary() : Token.TEXT;
      }
      case '[' -> enter(Place.LIST_FIRST, Token.LIST);
      case '{' -> enter(Place.MAP_FIRST, Token.MAP);
      case 't' -> literal("true", Token.TRUE);
      case 'f' -> literal("false", Token.FALSE);
      case 'n' -> literal("null", Token.NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw unexpected();
    };
  }

  private Token enter(Place first, Token opened) throws MalformedException {
    enter();
    if (depth == places.length) {
      places = Arrays.copyOf(places, depth * 2);
      elements = Arrays.copyOf(elements, depth * 2);
    }
    places[depth] = first;
    elements[depth] = 1;
    count = TokenWriter.UNKNOWN;
    pos++;
    return opened;
  }

  private Token leave(Token closed) {
    start = pos++;
    depth--;
    return closed;
  }

  private Token literal(String word, Token meaning) throws MalformedException {
    for (int i = 0; i < word.length(); i++) {
      if (pos + i >= end || in[pos + i] != word.charAt(i)) {
        throw unexpected();
      }
    }
    pos += word.length();
    return meaning;
  }

  private Token number() throws MalformedException {
    boolean negative = in[pos] == '-';
    int firstDigit = negative ? pos + 1 : pos;
    long magnitude = 0;
    int i = firstDigit;
    for (; isDigit(i); i++) {
      magnitude = magnitude * 10 + (in[i] - '0'); // wraps for long ones, which do not use it
    }
    int digits = i - firstDigit;
    if (digits == 0 || (digits > 1 && in[firstDigit] == '0')) {
      throw unexpected();
    }
    pos = i;
    boolean fraction = fraction();
    boolean whole = !exponent() && !fraction;
    if (pos - start > limits.maxNumberLength()) {
      throw new LimitException("a number of more than " + limits.maxNumberLength() + " characters");
    }
    if (!whole) {
      return Token.FLOAT;
    }
    integer = negative ? -magnitude : magnitude;
    if (digits <= 18) {
      return Token.INTEGER;
    }
    return digits == 19 && fitsLong() ? Token.INTEGER : Token.BIG_INTEGER;
  }

  private boolean fitsLong() {
    return bigInteger().bitLength() < Long.SIZE;
  }

  private boolean fraction() throws MalformedException {
    if (pos >= end || in[pos] != '.') {
      return false;
    }
    pos++;
    digits();
    return true;
  }

  private boolean exponent() throws MalformedException {
    if (pos >= end || (in[pos] != 'e' && in[pos] != 'E')) {
      return false;
    }
    pos++;
    if (pos < end && (in[pos] == '+' || in[pos] == '-')) {
      pos++;
    }
    digits();
    return true;
  }

  private void digits() throws MalformedException {
    if (!isDigit(pos)) {
      throw unexpected();
    }
    while (isDigit(pos)) {
      pos++;
    }
  }

  private boolean isDigit(int at) {
    return at < end && in[at] >= '0' && in[at] <= '9';
  }

  /** From the opening quote at the position to after the closing one. */
  private void scanString() throws MalformedException {
    escaped = false;
    base64 = false;
    int i = pos + 1;
    textStart = i;
    while (true) {
      while (i <= end - 8 && Utf8.isPlainJson((long) Utf8.WORDS.get(in, i))) {
        i += 8;
      }
      if (i >= end) {
        throw malformed("a string has no end");
      }
      byte c = in[i];
      if (c == '"') {
        break;
      } else if (c == '\\') {
        escaped = true;
        i = JsonText.checkEscape(in, i, end);
      } else if (c < 0) {
        i = Utf8.sequence(in, i, end);
      } else if (c < 0x20) {
        throw malformed("a control character in a string");
      } else {
        i++;
      }
    }
    text = in;
    textEnd = i;
    pos = i + 1;
  }

  private boolean isBinary() {
    return escaped && JsonText.startsWithNul(in, textStart, textEnd);
  }

  /** Checks the Base64 after the leading U+0000; octets are made of it when asked for. */
  private Token binary() throws MalformedException {
    load();
    textStart++;
    if (!JsonText.isBase64(text, textStart, textEnd)) {
      throw malformed("a string with a leading U+0000 must go on in Base64");
    }
    base64 = true;
    return Token.BINARY;
  }

  @Override
  void load() {
    if (escaped) {
      escaped = false;
      unescaped.unescape(in, textStart, textEnd);
      text = unescaped.array();
      textStart = 0;
      textEnd = unescaped.length();
    }
    if (base64) {
      base64 = false;
      text = Base64.getDecoder().decode(Arrays.copyOfRange(text, textStart, textEnd));
      textStart = 0;
      textEnd = text.length;
    }
  }

  @Override
  public BigInteger bigInteger() {
    return new BigInteger(numberText());
  }

  @Override
  public double real() {
    return Double.parseDouble(numberText());
  }

  private String numberText() {
    return new String(in, start, pos - start, StandardCharsets.ISO_8859_1);
  }

  private MalformedException unexpected() {
    return malformed("unexpected input at octet " + pos);
  }
}
