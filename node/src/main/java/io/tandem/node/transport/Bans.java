package io.tandem.node.transport;

import io.tandem.node.config.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Networks whose clients may not connect. A look takes as long as there are lengths of prefixes,
 * however many networks there are. One for a node; any thread.
 */
public final class Bans {

  /** Networks of one length: of the address, in octets, and of the prefix, in bits. */
  private record Length(int octets, int bits) {}

  private volatile Map<Length, Set<ByteBuffer>> networks = Map.of();

  /**
   * @param networks in CIDR form, or single addresses, each of them valid
   */
  public Bans(Set<String> networks) {
    ban(networks);
  }

  /** These may not connect from now on, and no others. */
  public void ban(Set<String> all) {
    Map<Length, Set<ByteBuffer>> fresh = new LinkedHashMap<>();
    for (String network : all) {
      int slash = network.indexOf('/');
      byte[] address = address(Endpoint.literal(slash < 0 ? network : network.substring(0, slash)));
      int most = Byte.SIZE * address.length;
      int bits = slash < 0 ? most : Integer.parseInt(network.substring(slash + 1));
      fresh
          .computeIfAbsent(new Length(address.length, bits), length -> new HashSet<>())
          .add(prefix(address, bits));
    }
    networks = fresh;
  }

  private static byte[] address(@Nullable InetAddress literal) {
    return Objects.requireNonNull(literal, "checked where it was read").getAddress();
  }

  /** Whether the client may not connect; null for one without an address, who always may. */
  boolean cover(@Nullable InetSocketAddress client) {
    if (client == null || networks.isEmpty()) {
      return false;
    }
    byte[] address = client.getAddress().getAddress();
    return networks.entrySet().stream()
        .anyMatch(
            entry ->
                entry.getKey().octets == address.length
                    && entry.getValue().contains(prefix(address, entry.getKey().bits)));
  }

  /** The address with nothing behind so many bits. */
  private static ByteBuffer prefix(byte[] address, int bits) {
    byte[] prefix = address.clone();
    for (int i = 0; i < prefix.length; i++) {
      int kept = Math.min(Byte.SIZE, Math.max(0, bits - i * Byte.SIZE));
      prefix[i] &= (byte) (0xFF << (Byte.SIZE - kept));
    }
    return ByteBuffer.wrap(prefix);
  }
}
