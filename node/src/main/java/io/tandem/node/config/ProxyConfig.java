package io.tandem.node.config;

import io.netty.util.NetUtil;
import java.util.Set;

/**
 * What stands between a listener and its clients, and is believed about them.
 *
 * @param from the networks where it stands, in CIDR form or as single addresses, never empty; what
 *     others say of themselves counts for nothing. On a Unix socket everybody is believed
 * @param protocol whether its connections begin with the header of the PROXY protocol, version 1 or
 *     2; off unless configured
 * @param forwarded whether {@code X-Forwarded-For} and {@code X-Forwarded-Proto} of a WebSocket's
 *     request are believed; off unless configured
 * @param tls whether TLS ends there, so that its connections count as secure; off unless configured
 */
public record ProxyConfig(Set<String> from, boolean protocol, boolean forwarded, boolean tls) {

  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;

  public ProxyConfig {
    from = Set.copyOf(from);
  }

  /** Whether this is an IPv4 or IPv6 address, or one with the length of a prefix. */
  static boolean isNetwork(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    boolean v4 = NetUtil.isValidIpV4Address(address);
    if (!v4 && (!NetUtil.isValidIpV6Address(address) || address.startsWith("["))) {
      return false;
    }
    return slash < 0 || isLength(text.substring(slash + 1), v4 ? IPV4_BITS : IPV6_BITS);
  }

  private static boolean isLength(String text, int most) {
    return text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= most;
  }
}
