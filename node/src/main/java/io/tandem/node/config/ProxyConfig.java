package io.tandem.node.config;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  public ProxyConfig {
    from = Set.copyOf(from);
  }

  /** The networks of {@link #from}. */
  public List<IpSubnetFilterRule> networks() {
    return from.stream().map(ProxyConfig::network).map(Objects::requireNonNull).toList();
  }

  /** The network of an IPv4 or IPv6 address, or of one with the length of a prefix; or null. */
  static @Nullable IpSubnetFilterRule network(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    InetAddress literal = address.startsWith("[") ? null : Endpoint.literal(address);
    if (literal == null) {
      return null;
    }
    int bits = Byte.SIZE * literal.getAddress().length;
    String length = slash < 0 ? String.valueOf(bits) : text.substring(slash + 1);
    return length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= bits
        ? new IpSubnetFilterRule(literal, Integer.parseInt(length), IpFilterRuleType.ACCEPT)
        : null;
  }
}
