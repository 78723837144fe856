package io.tandem.node.auth;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.Uris;
import io.tandem.registry.match.UriIndex;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules from the configuration: of those of the principal's role that cover a URI the most specific
 * one decides, in the order in which a call finds its registration (RPC-PAT-03 to RPC-PAT-05).
 * Where none does, a procedure is asked if the role has one (AZ-08); else, and for a role without
 * rules, the answer is no (AZ-07). Of what is {@link Guarded} no rule decides that covers
 * everything. Immutable.
 *
 * <p>A pattern to subscribe or register with is allowed only when every URI that it can match is:
 * one rule covers them all and allows it, and no rule that is more specific for some of them denies
 * it. See docs/decisions/0004-authorizing-patterns.md.
 *
 * <p>What rules decide is not cached: a cache would save a fraction of a microsecond and need a
 * bound; the figures are in the same record.
 */
public final class StaticAuthorizer implements Authorizer {

  /** Of two rules for one URI, the one that decides comes first. */
  private static final Comparator<Permission> MOST_SPECIFIC_FIRST =
      Comparator.comparing(Permission::match)
          .thenComparing(StaticAuthorizer::wildcards)
          .thenComparing(Permission::uri, Comparator.reverseOrder()); // longer prefixes first

  private final Map<String, Rules> roles = new HashMap<>();

  /** What decides for a role where none of its rules does. */
  private final Map<String, Answer.Ask> authorizers;

  /** Procedures that the router itself asks in this realm. */
  private final Set<String> asked;

  /**
   * @throws IllegalArgumentException where a role has two rules for one URI and policy
   */
  public StaticAuthorizer(Map<String, List<Permission>> permissions) {
    this(permissions, Map.of(), Set.of());
  }

  /**
   * @param authorizers what to ask, by role, where no rule of the role decides
   * @param asked procedures that the router asks about its clients: only rules allow to register
   *     what would serve them, so that nobody is asked about itself
   * @throws IllegalArgumentException where a role has two rules for one URI and policy
   */
  public StaticAuthorizer(
      Map<String, List<Permission>> permissions,
      Map<String, Answer.Ask> authorizers,
      Set<String> asked) {
    permissions.forEach((role, rules) -> roles.put(role, Rules.of(role, rules)));
    this.authorizers = Map.copyOf(authorizers);
    this.asked = Set.copyOf(asked);
  }

  @Override
  public Answer authorize(Principal principal, Action action, String uri, MatchPolicy match) {
    Permission rule = deciding(principal.authrole(), action, uri, match);
    return rule == null ? open(principal.authrole(), action, uri, match) : rule.decide(action);
  }

  /** The rule of the role that decides; null where none does. */
  public @Nullable Permission deciding(String role, Action action, String uri, MatchPolicy match) {
    Rules rules = roles.get(role);
    if (rules == null) {
      return null;
    }
    if (match != MatchPolicy.EXACT) {
      return rules.forAll(action, match, uri);
    }
    Permission best = rules.index.best(uri);
    return best == null || Guarded.isFrom(best, action, uri) ? null : best;
  }

  /** The answer where no rule decides. */
  private Answer open(String role, Action action, String uri, MatchPolicy match) {
    Answer.Ask ask = authorizers.get(role);
    return ask == null || (action == Action.REGISTER && serves(match, uri)) ? Decision.DENIED : ask;
  }

  /** Whether a registration of it could be given what the router asks. */
  private boolean serves(MatchPolicy match, String uri) {
    return asked.stream().anyMatch(procedure -> Uris.matches(match, uri, procedure));
  }

  /** The rules of one role: to be found by URI, and in the order of precedence. */
  private record Rules(UriIndex<Permission> index, List<Permission> mostSpecificFirst) {

    static Rules of(String role, List<Permission> permissions) {
      UriIndex<Permission> index = new UriIndex<>();
      for (Permission rule : permissions) {
        if (index.put(rule.match(), rule.uri(), rule) != null) {
          throw new IllegalArgumentException(
              "role " + role + " has two rules for the " + rule.match() + " URI " + rule.uri());
        }
      }
      return new Rules(index, permissions.stream().sorted(MOST_SPECIFIC_FIRST).toList());
    }

    /** What decides on all that the pattern matches, or refuses a part of it. */
    @Nullable Permission forAll(Action action, MatchPolicy match, String pattern) {
      for (Permission rule : mostSpecificFirst) {
        if (rule.coversAll(match, pattern)
            || (!rule.allow().contains(action) && rule.coversSome(match, pattern))) {
          return rule;
        }
      }
      return null;
    }
  }

  /** Where a pattern has wildcards; sorts the one that has a literal where the other has none. */
  private static String wildcards(Permission rule) {
    StringBuilder places = new StringBuilder();
    if (rule.match() == MatchPolicy.WILDCARD) {
      for (String component : Permission.components(rule.uri())) {
        places.append(component.isEmpty() ? '1' : '0');
      }
    }
    return places.toString();
  }
}
