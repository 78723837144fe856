package io.tandem.protocol.message;

import java.util.List;

/**
 * A known key of an Options or Details dictionary: its name on the wire and the only type its value
 * may have (MSG-07). The keys are the constants of {@link Keys}; compare them by identity.
 *
 * @param <T> the Java type of the value
 */
@SuppressWarnings("UnusedTypeParameter") // a phantom type: it binds a key to its value in Options
public final class Key<T> {

  /** The value types of the requirement list's key table. */
  public enum Type {
    /** {@link Boolean}; 0 and 1 are not booleans (MSG-02). */
    BOOL,
    /** {@link Long}; a float without a fraction is accepted (ID-08). */
    INTEGER,
    /** {@link Long}, zero or more. */
    NON_NEGATIVE,
    /** {@link String}. */
    STRING,
    /** {@code List<Long>}. */
    INTEGERS,
    /** {@code List<String>}. */
    STRINGS,
    /** {@code Map<String, Object>}: a dictionary of anything. */
    DICT,
    /** {@code Map<String, Object>} whose values are maps: roles by name (SES-02). */
    DICT_OF_DICTS,
    /**
     * {@code List<Map<String, Object>>}: the sessions a message came through, each with an integer
     * {@code session} and the strings {@code authid} and {@code authrole} (R2R-03).
     */
    SESSIONS
  }

  /** Among the allowed values: any that an implementation marks as its own. */
  static final String CUSTOM = "x_...";

  private final String name;
  private final Type type;
  private final List<String> allowed;
  private final int ordinal;

  Key(String name, Type type, List<String> allowed, int ordinal) {
    this.name = name;
    this.type = type;
    this.allowed = allowed;
    this.ordinal = ordinal;
  }

  /** The name on the wire. */
  public String name() {
    return name;
  }

  /** The type its value must have. */
  public Type type() {
    return type;
  }

  /**
   * Whether implementations name it, with an underscore (MSG-06), and not the specification: then
   * it is a string, and any other value is one of another implementation, and unknown (MSG-05).
   */
  public boolean isOfImplementation() {
    return name.charAt(0) == '_';
  }

  /**
   * Whether a string may take this value. Another one aborts the session (MSG-07), unless {@link
   * #isOfImplementation()}.
   */
  public boolean allows(String value) {
    if (allowed.isEmpty() || allowed.contains(value)) {
      return true;
    }
    return allowed.contains(CUSTOM) && value.startsWith("x_");
  }

  /** The values a string may take, in words; empty when any will do. */
  public String allowed() {
    return String.join(", ", allowed);
  }

  /** Position among all keys, unique: the order in which {@link Options} keeps them. */
  int ordinal() {
    return ordinal;
  }

  @Override
  public String toString() {
    return name;
  }
}
