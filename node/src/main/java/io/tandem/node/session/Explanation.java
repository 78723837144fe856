package io.tandem.node.session;

/** Why something was not done, for the developer of a client: short, whatever it quotes. */
final class Explanation {

  /** In characters. */
  private static final int LONGEST = 200;

  private Explanation() {}

  /** What is quoted of the client's words stays short, in logs and for clients alike. */
  static String brief(String message) {
    if (message.length() <= LONGEST) {
      return message;
    }
    boolean splitsPair = Character.isHighSurrogate(message.charAt(LONGEST - 1));
    return message.substring(0, LONGEST - (splitsPair ? 1 : 0)) + "...";
  }
}
