package io.tandem.registry;

import io.tandem.protocol.uri.MatchPolicy;

/**
 * What a subscription or registration is about: the same URI with another match policy is another
 * resource with another ID (PS-PAT-05, RPC-PAT-08).
 *
 * <p>In order by URI: clients choose these, and may choose many of one hash code. A hash map finds
 * such keys in log n steps where they have an order, and searches all of them where they have none.
 */
public record Resource(String realm, MatchPolicy match, String uri)
    implements Comparable<Resource> {

  @Override
  public int compareTo(Resource other) {
    int byUri = uri.compareTo(other.uri);
    int byMatch = byUri != 0 ? byUri : match.compareTo(other.match);
    return byMatch != 0 ? byMatch : realm.compareTo(other.realm);
  }
}
