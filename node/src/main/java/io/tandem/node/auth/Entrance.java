package io.tandem.node.auth;

import java.util.function.Predicate;

/**
 * Which clients the listener lets in that a transport came by, whatever the realms say (AUTH-01).
 * Any thread.
 *
 * @param realms whether a realm can be joined from there
 * @param methods whether a method can be used there
 */
public record Entrance(Predicate<String> realms, Predicate<String> methods) {

  /** Lets in whom the realms let in. */
  public static final Entrance OPEN = new Entrance(realm -> true, method -> true);

  /** Whether the realm can be joined from here. */
  public boolean leadsTo(String realm) {
    return realms.test(realm);
  }

  /** Whether the method can be used here. */
  public boolean takes(String method) {
    return methods.test(method);
  }
}
