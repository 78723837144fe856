package io.tandem.protocol.message;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every predefined key, with some of our own, and which message may carry which. A key outside its
 * message's set is unknown there: it is skipped when read and never forwarded (MSG-05, MSG-06).
 */
public final class Keys {

  /** How many there are so far. */
  private static int count;

  // Opening and closing a session.
  public static final Key<Map<String, @Nullable Object>> ROLES =
      key("roles", Key.Type.DICT_OF_DICTS);
  public static final Key<String> AGENT = key("agent", Key.Type.STRING);
  public static final Key<String> REALM = key("realm", Key.Type.STRING);
  public static final Key<List<String>> AUTHMETHODS = key("authmethods", Key.Type.STRINGS);
  public static final Key<String> AUTHID = key("authid", Key.Type.STRING);
  public static final Key<String> AUTHROLE = key("authrole", Key.Type.STRING);
  public static final Key<String> AUTHMETHOD = key("authmethod", Key.Type.STRING);
  public static final Key<String> AUTHPROVIDER = key("authprovider", Key.Type.STRING);
  public static final Key<Map<String, @Nullable Object>> AUTHEXTRA =
      key("authextra", Key.Type.DICT);
  public static final Key<String> MESSAGE = key("message", Key.Type.STRING);
  public static final Key<String> SCRAM = key("scram", Key.Type.STRING);

  // Publish and subscribe.
  public static final Key<Boolean> ACKNOWLEDGE = key("acknowledge", Key.Type.BOOL);
  public static final Key<Boolean> EXCLUDE_ME = key("exclude_me", Key.Type.BOOL);
  public static final Key<Boolean> DISCLOSE_ME = key("disclose_me", Key.Type.BOOL);
  public static final Key<List<Long>> EXCLUDE = key("exclude", Key.Type.INTEGERS);
  public static final Key<List<String>> EXCLUDE_AUTHID = key("exclude_authid", Key.Type.STRINGS);
  public static final Key<List<String>> EXCLUDE_AUTHROLE =
      key("exclude_authrole", Key.Type.STRINGS);
  public static final Key<List<Long>> ELIGIBLE = key("eligible", Key.Type.INTEGERS);
  public static final Key<List<String>> ELIGIBLE_AUTHID = key("eligible_authid", Key.Type.STRINGS);
  public static final Key<List<String>> ELIGIBLE_AUTHROLE =
      key("eligible_authrole", Key.Type.STRINGS);
  public static final Key<Boolean> RETAIN = key("retain", Key.Type.BOOL);
  public static final Key<String> MATCH = key("match", "exact", "prefix", "wildcard");
  public static final Key<Boolean> GET_RETAINED = key("get_retained", Key.Type.BOOL);
  public static final Key<Long> PUBLISHER = key("publisher", Key.Type.INTEGER);
  public static final Key<String> PUBLISHER_AUTHID = key("publisher_authid", Key.Type.STRING);
  public static final Key<String> PUBLISHER_AUTHROLE = key("publisher_authrole", Key.Type.STRING);
  public static final Key<String> TOPIC = key("topic", Key.Type.STRING);
  public static final Key<Boolean> RETAINED = key("retained", Key.Type.BOOL);
  public static final Key<Long> TRUSTLEVEL = key("trustlevel", Key.Type.INTEGER);
  public static final Key<Long> SUBSCRIPTION = key("subscription", Key.Type.INTEGER);
  public static final Key<Boolean> X_ACKNOWLEDGED_DELIVERY =
      key("x_acknowledged_delivery", Key.Type.BOOL);

  // Remote procedure calls.
  public static final Key<String> INVOKE =
      key("invoke", "single", "roundrobin", "random", "first", "last");

  /** Goes before {@link #INVOKE}; an extension, which others ignore (MSG-05, MSG-06). */
  public static final Key<String> EXTENDED_INVOKE = key("_invoke", "least_busy", "sticky");

  /** What calls have in common that one callee shall have; an extension likewise. */
  public static final Key<String> STICKY_KEY = key("_sticky_key", Key.Type.STRING);

  public static final Key<Boolean> DISCLOSE_CALLER = key("disclose_caller", Key.Type.BOOL);
  public static final Key<Boolean> FORWARD_TIMEOUT = key("forward_timeout", Key.Type.BOOL);
  public static final Key<Long> CONCURRENCY = key("concurrency", Key.Type.INTEGER);
  public static final Key<Boolean> FORCE_REREGISTER = key("force_reregister", Key.Type.BOOL);
  public static final Key<Boolean> RECEIVE_PROGRESS = key("receive_progress", Key.Type.BOOL);
  public static final Key<Boolean> PROGRESS = key("progress", Key.Type.BOOL);
  public static final Key<Long> TIMEOUT = key("timeout", Key.Type.NON_NEGATIVE);
  public static final Key<Long> CALLER = key("caller", Key.Type.INTEGER);
  public static final Key<String> CALLER_AUTHID = key("caller_authid", Key.Type.STRING);
  public static final Key<String> CALLER_AUTHROLE = key("caller_authrole", Key.Type.STRING);
  public static final Key<String> PROCEDURE = key("procedure", Key.Type.STRING);
  public static final Key<String> MODE = key("mode", "skip", "kill", "killnowait");
  public static final Key<String> REASON = key("reason", Key.Type.STRING);
  public static final Key<Long> REGISTRATION = key("registration", Key.Type.INTEGER);

  // Payload passthru and its forerunner.
  public static final Key<String> PPT_SCHEME = key("ppt_scheme", Key.Type.STRING);
  public static final Key<String> PPT_SERIALIZER = key("ppt_serializer", Key.Type.STRING);
  public static final Key<String> PPT_CIPHER = key("ppt_cipher", Key.Type.STRING);
  public static final Key<String> PPT_KEYID = key("ppt_keyid", Key.Type.STRING);
  public static final Key<String> ENC_ALGO =
      key("enc_algo", "cryptobox", "mqtt", "xbr", Key.CUSTOM);
  public static final Key<String> ENC_KEY = key("enc_key", Key.Type.STRING);
  public static final Key<String> ENC_SERIALIZER = key("enc_serializer", Key.Type.STRING);

  // Router links and oddities: type-checked, honoured only from trusted routers (R2R-04).
  public static final Key<List<Map<String, @Nullable Object>>> FORWARD_FOR =
      key("forward_for", Key.Type.SESSIONS);
  public static final Key<String> TRANSACTION_HASH = key("transaction_hash", Key.Type.STRING);

  // Implementations' own, named as MSG-06 says: the context of a trace, as W3C's Trace Context has
  // it.
  public static final Key<String> TRACEPARENT = key("_traceparent", Key.Type.STRING);
  public static final Key<String> TRACESTATE = key("_tracestate", Key.Type.STRING);

  /** The keys of payload passthru mode (PPT-01). */
  static final List<Key<String>> PASSTHRU_KEYS =
      List.of(PPT_SCHEME, PPT_SERIALIZER, PPT_CIPHER, PPT_KEYID);

  /** Those of its forerunner (PPT-12). */
  static final List<Key<String>> ENCODING_KEYS = List.of(ENC_ALGO, ENC_KEY, ENC_SERIALIZER);

  private static final Map<MessageCode, Map<String, Key<?>>> BY_MESSAGE =
      new EnumMap<>(MessageCode.class);

  static {
    carries(MessageCode.HELLO, ROLES, AGENT, AUTHMETHODS, AUTHID, AUTHROLE, AUTHEXTRA);
    carries(
        MessageCode.WELCOME,
        ROLES,
        AGENT,
        REALM,
        AUTHID,
        AUTHROLE,
        AUTHMETHOD,
        AUTHPROVIDER,
        AUTHEXTRA);
    carries(MessageCode.ABORT, MESSAGE, SCRAM);
    carries(MessageCode.GOODBYE, MESSAGE);
    carriesPayload(MessageCode.ERROR, FORWARD_FOR);
    carriesPayload(
        MessageCode.PUBLISH,
        ACKNOWLEDGE,
        EXCLUDE_ME,
        DISCLOSE_ME,
        EXCLUDE,
        EXCLUDE_AUTHID,
        EXCLUDE_AUTHROLE,
        ELIGIBLE,
        ELIGIBLE_AUTHID,
        ELIGIBLE_AUTHROLE,
        RETAIN,
        FORWARD_FOR,
        TRANSACTION_HASH,
        TRACEPARENT,
        TRACESTATE);
    carries(MessageCode.SUBSCRIBE, MATCH, GET_RETAINED, FORWARD_FOR);
    carries(MessageCode.UNSUBSCRIBED, SUBSCRIPTION, REASON);
    carriesPayload(
        MessageCode.EVENT,
        PUBLISHER,
        PUBLISHER_AUTHID,
        PUBLISHER_AUTHROLE,
        TOPIC,
        RETAINED,
        TRUSTLEVEL,
        X_ACKNOWLEDGED_DELIVERY,
        FORWARD_FOR,
        TRANSACTION_HASH,
        TRACEPARENT,
        TRACESTATE);
    carriesPayload(
        MessageCode.CALL,
        RECEIVE_PROGRESS,
        PROGRESS,
        TIMEOUT,
        DISCLOSE_ME,
        STICKY_KEY,
        FORWARD_FOR,
        TRANSACTION_HASH,
        TRACEPARENT,
        TRACESTATE);
    carries(MessageCode.CANCEL, MODE, FORWARD_FOR);
    carriesPayload(MessageCode.RESULT, PROGRESS, FORWARD_FOR);
    carries(
        MessageCode.REGISTER,
        MATCH,
        INVOKE,
        EXTENDED_INVOKE,
        DISCLOSE_CALLER,
        FORWARD_TIMEOUT,
        CONCURRENCY,
        FORCE_REREGISTER,
        FORWARD_FOR);
    carries(MessageCode.UNREGISTERED, REGISTRATION, REASON);
    carriesPayload(
        MessageCode.INVOCATION,
        RECEIVE_PROGRESS,
        PROGRESS,
        TIMEOUT,
        CALLER,
        CALLER_AUTHID,
        CALLER_AUTHROLE,
        TRUSTLEVEL,
        PROCEDURE,
        FORWARD_FOR,
        TRANSACTION_HASH,
        TRACEPARENT,
        TRACESTATE);
    carries(MessageCode.INTERRUPT, MODE, REASON, FORWARD_FOR);
    carriesPayload(MessageCode.YIELD, PROGRESS, FORWARD_FOR);
  }

  private Keys() {}

  /** The keys known in the dictionary of this message type, by name; empty when it has none. */
  public static Map<String, Key<?>> of(MessageCode message) {
    return BY_MESSAGE.getOrDefault(message, Map.of());
  }

  private static <T> Key<T> key(String name, Key.Type type) {
    return new Key<>(name, type, List.of(), count++);
  }

  private static Key<String> key(String name, String... allowed) {
    return new Key<>(name, Key.Type.STRING, List.of(allowed), count++);
  }

  private static void carries(MessageCode message, Key<?>... keys) {
    Map<String, Key<?>> known = BY_MESSAGE.computeIfAbsent(message, code -> new HashMap<>());
    for (Key<?> key : keys) {
      known.put(key.name(), key);
    }
  }

  private static void carriesPayload(MessageCode message, Key<?>... keys) {
    carries(message, keys);
    carries(message, PASSTHRU_KEYS.toArray(Key<?>[]::new));
    carries(message, ENCODING_KEYS.toArray(Key<?>[]::new));
  }
}
