package io.tandem.node.config;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.UriSyntax;
import io.tandem.registry.match.UriIndex;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which realm of a configuration is meant by a name: the one that is called so; else, of the
 * templates that it meets, the one that a call would choose among procedures, the longest prefix
 * first. Immutable; any thread.
 */
public final class RealmsByName {

  private final Map<String, RealmConfig> named = new HashMap<>();
  private final UriIndex<RealmConfig> templates = new UriIndex<>();

  public RealmsByName(Collection<RealmConfig> realms) {
    for (RealmConfig realm : realms) {
      TemplateConfig template = realm.template();
      if (template == null) {
        named.put(realm.name(), realm);
      } else {
        templates.put(template.match(), realm.name(), realm);
      }
    }
  }

  /** The realm, or the template that it would be made from; null where there is neither. */
  public @Nullable RealmConfig get(String name) {
    RealmConfig realm = named.get(name);
    return realm == null ? template(name) : realm;
  }

  private @Nullable RealmConfig template(String name) {
    RealmConfig template = templates.best(name);
    return template != null
            && UriSyntax.REALM.isUri(name)
            && template.uriRule().isUri(name)
            && !isOfTheProtocol(name, MatchPolicy.EXACT)
            && name.codePoints().noneMatch(Character::isISOControl) // it goes to logs
        ? template
        : null;
  }

  /** Whether a realm must not be called so, nor anything that the pattern meets. */
  static boolean isOfTheProtocol(String name, MatchPolicy match) {
    return name.startsWith("wamp.") || (match != MatchPolicy.PREFIX && name.equals("wamp"));
  }
}
