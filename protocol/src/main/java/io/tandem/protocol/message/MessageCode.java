package io.tandem.protocol.message;

import org.jspecify.annotations.Nullable;

/** The WAMP message types and their codes on the wire (MSG-01). */
public enum MessageCode {
  HELLO(1),
  WELCOME(2),
  ABORT(3),
  CHALLENGE(4),
  AUTHENTICATE(5),
  GOODBYE(6),
  ERROR(8),
  PUBLISH(16),
  PUBLISHED(17),
  SUBSCRIBE(32),
  SUBSCRIBED(33),
  UNSUBSCRIBE(34),
  UNSUBSCRIBED(35),
  EVENT(36),
  CALL(48),
  CANCEL(49),
  RESULT(50),
  REGISTER(64),
  REGISTERED(65),
  UNREGISTER(66),
  UNREGISTERED(67),
  INVOCATION(68),
  INTERRUPT(69),
  YIELD(70);

  private static final MessageCode[] BY_NUMBER = new MessageCode[71];

  static {
    for (MessageCode code : values()) {
      BY_NUMBER[code.number] = code;
    }
  }

  private final int number;

  MessageCode(int number) {
    this.number = number;
  }

  /** The code on the wire. */
  public int number() {
    return number;
  }

  /** The type with this code, or null when no message type has it. */
  public static @Nullable MessageCode of(long number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[(int) number] : null;
  }
}
