package io.tandem.node.auth;

import io.tandem.protocol.wire.Payload;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an authenticator procedure says of a client: a role, or a dictionary with {@code role},
 * {@code authid}, {@code realm}, {@code extra}, and what its method takes besides (AUTH-12).
 * Immutable.
 *
 * @param role the one it gets
 * @param authid what it is called; null where it keeps the authid it came with
 * @param realm the one it joins; null where it is the one asked for
 * @param extra what WELCOME tells it beyond that, or null
 */
public record Profile(
    String role,
    @Nullable String authid,
    @Nullable String realm,
    @Nullable Map<String, @Nullable Object> extra,
    Map<String, @Nullable Object> said) {

  private static final int LONGEST_AUTHID = 256;

  public Profile {
    said = Collections.unmodifiableMap(new LinkedHashMap<>(said));
  }

  /**
   * Of the result of a call.
   *
   * @throws IllegalArgumentException where it is none
   */
  @SuppressWarnings("unchecked") // keys are always strings
  static Profile of(Payload result) {
    List<@Nullable Object> args = result.args();
    Object said = args.isEmpty() ? null : args.get(0);
    if (said instanceof String role) {
      return new Profile(role, null, null, null, Map.of());
    } else if (!(said instanceof Map<?, ?>)) {
      throw new IllegalArgumentException("neither a role nor a dictionary");
    }
    Profile bare = new Profile("", null, null, null, (Map<String, @Nullable Object>) said);
    String authid = bare.text("authid");
    if (authid != null && (authid.isBlank() || authid.length() > LONGEST_AUTHID)) {
      throw new IllegalArgumentException("an authid has 1 to " + LONGEST_AUTHID + " characters");
    }
    Object extra = bare.said.get("extra");
    if (extra != null && !(extra instanceof Map<?, ?>)) {
      throw new IllegalArgumentException("extra is no dictionary");
    }
    return new Profile(
        bare.required("role"),
        authid,
        bare.text("realm"),
        (Map<String, @Nullable Object>) extra,
        bare.said);
  }

  /**
   * A text that the method needs.
   *
   * @throws IllegalArgumentException where there is none
   */
  public String required(String key) {
    String value = text(key);
    if (value == null) {
      throw new IllegalArgumentException("no " + key);
    }
    return value;
  }

  /**
   * A text, or null where there is none.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public @Nullable String text(String key) {
    Object value = said.get(key);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new IllegalArgumentException(key + " is no text");
  }

  /**
   * A whole number, or {@code otherwise} where there is none.
   *
   * @throws IllegalArgumentException where it is something else, or out of this range
   */
  public int number(String key, int min, int max, int otherwise) {
    Object value = said.get(key);
    if (value == null) {
      return otherwise;
    } else if (value instanceof Number number
        && number.doubleValue() == number.longValue()
        && min <= number.longValue()
        && number.longValue() <= max) {
      return number.intValue();
    }
    throw new IllegalArgumentException(key + " is no whole number from " + min + " to " + max);
  }

  /** The role alone: the rest may hold secrets. */
  @Override
  public String toString() {
    return "Profile of " + role;
  }
}
