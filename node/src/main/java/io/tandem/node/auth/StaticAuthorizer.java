package io.tandem.node.auth;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.match.UriIndex;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rules from the configuration: of those of the principal's role that cover a URI the most specific
 * one decides, in the order in which a call finds its registration (RPC-PAT-03 to RPC-PAT-05).
 * Where none does, and for a role without rules, the answer is no (AZ-07). Immutable.
 *
 * <p>A pattern to subscribe or register with is allowed only when every URI that it can match is:
 * one rule covers them all and allows it, and no rule that is more specific for some of them denies
 * it. See docs/decisions/0004-authorizing-patterns.md.
 *
 * <p>Decisions are not cached: a cache would save a fraction of a microsecond and need a bound; the
 * figures are in the same record.
 */
public final class StaticAuthorizer implements Authorizer {

  /** Of two rules for one URI, the one that decides comes first. */
  private static final Comparator<Permission> MOST_SPECIFIC_FIRST =
      Comparator.comparing(Permission::match)
          .thenComparing(StaticAuthorizer::wildcards)
          .thenComparing(Permission::uri, Comparator.reverseOrder()); // longer prefixes first

  private final Map<String, Rules> roles = new HashMap<>();

  /**
   * @throws IllegalArgumentException where a role has two rules for one URI and policy
   */
  public StaticAuthorizer(Map<String, List<Permission>> permissions) {
    permissions.forEach((role, rules) -> roles.put(role, Rules.of(role, rules)));
  }

  @Override
  public Decision authorize(Principal principal, Action action, String uri, MatchPolicy match) {
    Rules rules = roles.get(principal.authrole());
    if (rules == null) {
      return Decision.DENIED;
    }
    return match == MatchPolicy.EXACT
        ? rules.decide(action, uri)
        : rules.decideAll(action, match, uri);
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

    Decision decide(Action action, String uri) {
      Permission rule = index.best(uri);
      return rule == null ? Decision.DENIED : rule.decide(action);
    }

    Decision decideAll(Action action, MatchPolicy match, String pattern) {
      for (Permission rule : mostSpecificFirst) {
        Decision decision = rule.decide(action);
        if (rule.coversAll(match, pattern)) {
          return decision;
        }
        if (!decision.allowed() && rule.coversSome(match, pattern)) {
          return Decision.DENIED;
        }
      }
      return Decision.DENIED;
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
