package io.tandem.node.config;

/** The mapping from keys to limits of sessions, of a realm and of a role. */
final class SessionLimitsReader {

  private static final Type<Integer> NUMBER = Type.integer(1, SessionLimitsConfig.MAX);
  private static final Type<Long> PAYLOAD = Type.bytes(1, LimitsConfig.MAX_MESSAGE_SIZE);

  private SessionLimitsReader() {}

  static SessionLimitsConfig ofRealm(Section limits) {
    SessionLimitsConfig byDefault = SessionLimitsConfig.DEFAULT;
    return new SessionLimitsConfig(
        limits.optional("maxSessions", NUMBER),
        limits.value("maxSubscriptions", NUMBER, byDefault.maxSubscriptions()),
        limits.value("maxRegistrations", NUMBER, byDefault.maxRegistrations()),
        limits.value("maxPendingCalls", NUMBER, byDefault.maxPendingCalls()),
        limits.optional("maxPayloadSize", PAYLOAD),
        limits.optionalSection("rate", SessionLimitsReader::rate),
        limits.optional("memory", NodeConfig.MEMORY),
        limits.optional(
            "sessionMemory",
            Type.bytes(SessionLimitsConfig.MIN_SESSION_MEMORY, NodeConfig.MAX_MEMORY)),
        size(
            limits,
            "maxUriLength",
            SessionLimitsConfig.MIN_URI_LENGTH,
            SessionLimitsConfig.MAX_URI_LENGTH,
            byDefault.maxUriLength()),
        limits.value(
            "maxWildcardShapes",
            Type.integer(1, SessionLimitsConfig.MAX_SHAPES),
            byDefault.maxWildcardShapes()),
        size(
            limits,
            "maxOptionsSize",
            SessionLimitsConfig.MIN_OPTIONS_SIZE,
            SessionLimitsConfig.MAX_OPTIONS_SIZE,
            byDefault.maxOptionsSize()),
        limits.value(
            "maxTestaments",
            Type.integer(1, SessionLimitsConfig.MAX_TESTAMENTS),
            byDefault.maxTestaments()),
        size(
            limits,
            "maxTestamentsSize",
            SessionLimitsConfig.MIN_TESTAMENTS_SIZE,
            SessionLimitsConfig.MAX_TESTAMENTS_SIZE,
            byDefault.maxTestamentsSize()));
  }

  static RoleLimitsConfig ofRole(Section limits) {
    return new RoleLimitsConfig(
        limits.optional("maxSessions", NUMBER),
        limits.optional("maxSubscriptions", NUMBER),
        limits.optional("maxRegistrations", NUMBER),
        limits.optional("maxPendingCalls", NUMBER),
        limits.optional("maxPayloadSize", PAYLOAD),
        limits.optionalSection("rate", SessionLimitsReader::rate));
  }

  private static RateConfig rate(Section rate) {
    Type<Integer> messages = Type.integer(1, RateConfig.MAX_MESSAGES);
    Type<Long> octets = Type.bytes(RateConfig.MIN_OCTETS, RateConfig.MAX_OCTETS);
    RateConfig read =
        new RateConfig(
            rate.optional("messages", messages),
            rate.optional("messageBurst", messages),
            rate.optional("octets", octets),
            rate.optional("octetBurst", octets));
    rate.check(
        rate.has("messages") || rate.has("octets"),
        "messages",
        "one of messages and octets has to be there");
    rate.check(
        rate.has("messages") || !rate.has("messageBurst"),
        "messageBurst",
        "is of no use without messages",
        "messages");
    rate.check(
        rate.has("octets") || !rate.has("octetBurst"),
        "octetBurst",
        "is of no use without octets",
        "messages");
    return read;
  }

  private static int size(Section limits, String key, long min, long max, long byDefault) {
    return limits.value(key, Type.bytes(min, max), byDefault).intValue();
  }
}
