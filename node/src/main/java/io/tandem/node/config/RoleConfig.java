package io.tandem.node.config;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.Uris;
import io.tandem.registry.match.UriIndex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A role of a realm. What no permission allows is refused, unless there is an authorizer to ask.
 *
 * @param name unique in its realm
 * @param permissions what its sessions may do; none means nothing
 * @param authorizer what decides where no permission does; or null
 * @param trustLevel what callees and subscribers are told of its sessions, 0 or more; or null
 * @param limits what its sessions may have, where the realm's limits shall not hold; or null
 */
public record RoleConfig(
    String name,
    List<PermissionConfig> permissions,
    @Nullable AuthorizerConfig authorizer,
    @Nullable Integer trustLevel,
    @Nullable RoleLimitsConfig limits) {

  public RoleConfig {
    permissions = List.copyOf(permissions);
  }

  /** A role for which permissions alone decide. */
  public RoleConfig(String name, List<PermissionConfig> permissions) {
    this(name, permissions, null, null, null);
  }

  /** Whether its permissions allow to register this procedure. */
  boolean mayRegister(String procedure) {
    UriIndex<PermissionConfig> index = new UriIndex<>();
    permissions.forEach(each -> index.put(each.match(), each.uri(), each));
    PermissionConfig decides = index.best(procedure);
    return decides != null && decides.allow().contains(PermissionConfig.Right.REGISTER);
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
