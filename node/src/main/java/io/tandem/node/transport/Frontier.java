package io.tandem.node.transport;

import io.netty.channel.Channel;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import io.tandem.node.config.Endpoint;
import io.tandem.node.config.ProxyConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose connection it is: the address that it comes from, or the one that a proxy tells which is
 * believed. What anybody else tells counts for nothing. Of one listener; any thread.
 */
final class Frontier {

  /** Whom a proxy has told of; port 0 where it did not tell the port. */
  private static final AttributeKey<InetSocketAddress> CLIENT =
      AttributeKey.valueOf("tandem.client");

  /** Set where TLS ends at a proxy that is believed. */
  private static final AttributeKey<Boolean> SECURE = AttributeKey.valueOf("tandem.secure");

  /** An IPv6 client has a network of so many octets for itself. */
  private static final int NETWORK_OCTETS = 8;

  private final @Nullable ProxyConfig proxy;
  private final List<IpSubnetFilterRule> trusted;

  Frontier(@Nullable ProxyConfig proxy) {
    this.proxy = proxy;
    this.trusted = proxy == null ? List.of() : proxy.networks();
  }

  /** A connection has come. */
  void came(Channel channel) {
    if (proxy != null && proxy.tls() && isTrusted(channel.remoteAddress())) {
      channel.attr(SECURE).set(true);
    }
  }

  /** Another request comes over the connection, of whomever. */
  void cameAgain(Channel channel) {
    channel.attr(CLIENT).set(null);
    came(channel);
  }

  /** Whether the PROXY protocol's header is to come first. */
  boolean expectsHeader(Channel channel) {
    return proxy != null && proxy.protocol() && isTrusted(channel.remoteAddress());
  }

  /** Whether a request over this connection is to tell who it is for. */
  boolean expectsForwarded(Channel channel) {
    return proxy != null && proxy.forwarded() && isTrusted(channel.remoteAddress());
  }

  private boolean isTrusted(@Nullable SocketAddress address) {
    return !(address instanceof InetSocketAddress inet)
        || trusted.stream().anyMatch(rule -> rule.matches(inet));
  }

  /** A proxy tells whose connection it is. */
  void told(Channel channel, InetSocketAddress client) {
    channel.attr(CLIENT).set(client);
  }

  /**
   * A request tells who it is for: the last address that no proxy of ours has, since each adds the
   * one that it was called from. Only where it is believed.
   *
   * @param chain the addresses of X-Forwarded-For, in order
   * @param scheme that of X-Forwarded-Proto, the last one; null without it
   */
  void forwarded(Channel channel, List<String> chain, @Nullable String scheme) {
    for (int i = chain.size() - 1; i >= 0; i--) {
      InetAddress address = Endpoint.literal(chain.get(i));
      if (address == null) {
        break; // of no use, and neither is what stands before it
      }
      InetSocketAddress client = new InetSocketAddress(address, 0);
      told(channel, client);
      if (!isTrusted(client)) {
        break;
      }
    }
    if (scheme != null && isSecure(channel)) {
      channel.attr(SECURE).set(scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("wss"));
    }
  }

  /** Whether TLS ends at a proxy that is believed. */
  static boolean isSecure(Channel channel) {
    return Boolean.TRUE.equals(channel.attr(SECURE).get());
  }

  /** The client's address; null where it has none, on a Unix socket. */
  static @Nullable InetSocketAddress client(Channel channel) {
    InetSocketAddress told = channel.attr(CLIENT).get();
    return told == null && channel.remoteAddress() instanceof InetSocketAddress own ? own : told;
  }

  /** What clients of one address have alike: the network, where it is an IPv6 one. */
  static @Nullable String origin(Channel channel) {
    InetSocketAddress client = client(channel);
    if (client == null) {
      return null;
    }
    byte[] octets = client.getAddress().getAddress();
    if (octets.length <= NETWORK_OCTETS) {
      return NetUtil.bytesToIpAddress(octets);
    }
    Arrays.fill(octets, NETWORK_OCTETS, octets.length, (byte) 0); // a copy
    return NetUtil.bytesToIpAddress(octets) + "/" + NETWORK_OCTETS * Byte.SIZE;
  }
}
