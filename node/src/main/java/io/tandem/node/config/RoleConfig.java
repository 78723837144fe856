package io.tandem.node.config;

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
}
