package io.tandem.node.config;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.Uris;
import io.tandem.registry.match.UriIndex;
import java.util.ArrayList;
import java.util.List;

/**
 * A role of a realm. What no permission allows is refused.
 *
 * @param name unique in its realm
 * @param permissions what its sessions may do; none means nothing
 */
public record RoleConfig(String name, List<PermissionConfig> permissions) {

  public RoleConfig {
    permissions = List.copyOf(permissions);
  }

  /**
   * A sentence for each permission that never applies, since another one covers all of its URIs and
   * comes before it, led by the place and key of both. Only wildcards can be hidden so: by a prefix
   * of what they begin with, or by an exact URI where nothing in them is left open. Of what a
   * prefix or another wildcard covers, those before it always leave something over.
   *
   * @param key the path of this role
   */
  List<String> hidden(String key) {
    UriIndex<Integer> before = new UriIndex<>();
    for (int i = 0; i < permissions.size(); i++) {
      PermissionConfig permission = permissions.get(i);
      if (permission.match() != MatchPolicy.WILDCARD) {
        before.put(permission.match(), permission.uri(), i);
      }
    }
    List<String> hidden = new ArrayList<>();
    for (int i = 0; i < permissions.size(); i++) {
      PermissionConfig permission = permissions.get(i);
      Integer first =
          permission.match() == MatchPolicy.WILDCARD
              ? before.best(Uris.literalHead(permission.uri()))
              : null;
      if (first != null) {
        PermissionConfig other = permissions.get(first);
        hidden.add(
            String.format(
                "%s: %s.permissions[%d]: %s never applies: %s in %s (%s.permissions[%d]) decides"
                    + " on all of its URIs",
                permission.place(), key, i, permission, other, other.place(), key, first));
      }
    }
    return hidden;
  }
}
