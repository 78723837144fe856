package io.tandem.node.auth;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which clients the listener lets in that a transport came by, whatever the realms say (AUTH-01).
 * Immutable.
 *
 * @param realms those that can be joined from there; one that ends with a dot stands for all whose
 *     names begin so; null for all
 * @param methods those that can be used from there; null for all
 */
public record Entrance(@Nullable Set<String> realms, @Nullable Set<String> methods) {

  /** Lets in whom the realms let in. */
  public static final Entrance OPEN = new Entrance(null, null);

  public Entrance {
    realms = realms == null ? null : Set.copyOf(realms);
    methods = methods == null ? null : Set.copyOf(methods);
  }

  /** Whether the realm can be joined from here. */
  public boolean leadsTo(String realm) {
    return realms == null
        || realms.contains(realm)
        || realms.stream().anyMatch(prefix -> prefix.endsWith(".") && realm.startsWith(prefix));
  }

  /** Whether the method can be used here. */
  public boolean takes(String method) {
    return methods == null || methods.contains(method);
  }
}
