package io.tandem.node.auth;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.Uris;
import java.util.Set;

/**
 * A rule of a role: what may be done with the URIs that it covers (AZ-07).
 *
 * @param uri a URI, or a pattern that is valid for {@code match}
 * @param allow the actions allowed; those that are not in it are denied
 * @param disclose whether callers and publishers are disclosed although they did not ask for it
 */
public record Permission(String uri, MatchPolicy match, Set<Action> allow, boolean disclose) {

  public Permission {
    allow = Set.copyOf(allow);
  }

  Decision decide(Action action) {
    if (!allow.contains(action)) {
      return Decision.DENIED;
    }
    return disclose ? Decision.ALLOWED_DISCLOSED : Decision.ALLOWED;
  }

  /** Whether this rule covers every URI that the requested pattern matches. */
  boolean coversAll(MatchPolicy policy, String requested) {
    return switch (policy) {
      case EXACT -> Uris.matches(match, uri, requested);
      case PREFIX -> match == MatchPolicy.PREFIX && requested.startsWith(uri);
      case WILDCARD ->
          switch (match) {
            case EXACT -> requested.equals(uri);
            case PREFIX -> Uris.literalHead(requested).startsWith(uri);
            // A wildcard of the pattern fits only a wildcard of the rule.
            case WILDCARD -> Uris.matches(MatchPolicy.WILDCARD, uri, requested);
          };
    };
  }

  /** Whether this rule covers at least one URI that the requested pattern matches. */
  boolean coversSome(MatchPolicy policy, String requested) {
    if (match == MatchPolicy.EXACT) {
      return Uris.matches(policy, requested, uri);
    }
    return switch (policy) {
      case EXACT -> Uris.matches(match, uri, requested);
      case PREFIX ->
          match == MatchPolicy.PREFIX
              ? uri.startsWith(requested) || requested.startsWith(uri)
              : prefixMeetsWildcard(requested, uri);
      case WILDCARD ->
          match == MatchPolicy.PREFIX
              ? prefixMeetsWildcard(uri, requested)
              : wildcardsMeet(uri, requested);
    };
  }

  private static boolean prefixMeetsWildcard(String prefix, String wildcard) {
    String[] begun = components(prefix);
    String[] wanted = components(wildcard);
    int last = begun.length - 1;
    if (last >= wanted.length
        || !(wanted[last].isEmpty() || wanted[last].startsWith(begun[last]))) {
      return false;
    }
    for (int i = 0; i < last; i++) {
      if (!wanted[i].isEmpty() && !wanted[i].equals(begun[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean wildcardsMeet(String one, String other) {
    String[] left = components(one);
    String[] right = components(other);
    boolean meet = left.length == right.length;
    for (int i = 0; meet && i < left.length; i++) {
      meet = left[i].isEmpty() || right[i].isEmpty() || left[i].equals(right[i]);
    }
    return meet;
  }

  static String[] components(String uri) {
    return uri.split("\\.", -1);
  }
}
