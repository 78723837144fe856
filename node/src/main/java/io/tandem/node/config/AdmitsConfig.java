package io.tandem.node.config;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a listener lets in, of those whom the realms let in.
 *
 * @param realms those that can be joined there; one that ends with a dot stands for all whose names
 *     begin so; null for all
 * @param methods of authentication that can be used there, as clients name them; null for all
 */
public record AdmitsConfig(@Nullable Set<String> realms, @Nullable Set<String> methods) {

  /** Lets in whom the realms let in. */
  static final AdmitsConfig DEFAULT = new AdmitsConfig(null, null);

  public AdmitsConfig {
    realms = realms == null ? null : Set.copyOf(realms);
    methods = methods == null ? null : Set.copyOf(methods);
  }

  /** Whether the realm can be joined there. */
  public boolean leadsTo(String realm) {
    return realms == null
        || realms.contains(realm)
        || realms.stream().anyMatch(prefix -> prefix.endsWith(".") && realm.startsWith(prefix));
  }

  /** Whether the method can be used there. */
  public boolean takes(String method) {
    return methods == null || methods.contains(method);
  }
}
