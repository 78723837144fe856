package io.tandem.node.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a door opens: a TCP address and port, or a Unix domain socket. Never resolves a name. */
public sealed interface Endpoint {

  /** Whether only programs on this machine can connect. A host name counts as reachable. */
  boolean isLocal();

  /**
   * A TCP socket.
   *
   * @param address an IPv4 or IPv6 literal (without brackets) or a host name
   * @param port 0 to 65535; 0 means any free port
   */
  record Tcp(String address, int port) implements Endpoint {

    static final int MAX_PORT = 65535;

    /** Labels of letters, digits and inner hyphens (RFC 1123); the last one is not a number. */
    private static final Pattern HOST_NAME =
        Pattern.compile(
            "(?i)(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*"
                + "(?![0-9]+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /**
     * Checks the form alone.
     *
     * @throws IllegalArgumentException when the address or the port is none
     */
    public Tcp {
      if (!isAddress(address)) {
        throw new IllegalArgumentException(
            "'" + address + "' is not an IPv4 or IPv6 address or a host name");
      }
      if (port < 0 || port > MAX_PORT) {
        throw new IllegalArgumentException("port " + port + " is not from 0 to " + MAX_PORT);
      }
    }

    static boolean isAddress(String text) {
      return NetUtil.isValidIpV4Address(text)
          || (NetUtil.isValidIpV6Address(text) && !text.startsWith("["))
          || HOST_NAME.matcher(text).matches();
    }

    @Override
    public boolean isLocal() {
      return isLoopbackHost(address);
    }

    /** Whether two sockets at these addresses could not both be opened. Port 0 never collides. */
    boolean collidesWith(Tcp other) {
      return port != 0
          && port == other.port
          && (address.equalsIgnoreCase(other.address) || isAny() || other.isAny());
    }

    Tcp withAddress(String newAddress) {
      return new Tcp(newAddress, port);
    }

    /** The same address with another port. */
    public Tcp withPort(int newPort) {
      return new Tcp(address, newPort);
    }

    /** Whether this stands for all addresses of the machine. */
    public boolean isAny() {
      InetAddress literal = literal(address);
      return literal != null && literal.isAnyLocalAddress();
    }

    /** The form used in URLs and messages, IPv6 literals in brackets. */
    @Override
    public String toString() {
      return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }
  }

  /**
   * A Unix domain socket.
   *
   * @param path the socket file; made when the listener opens, removed when it closes
   */
  record Unix(Path path) implements Endpoint {

    /** Octets that a socket address holds on Linux, without the closing zero. */
    static final int MAX_PATH_BYTES = 107;

    @Override
    public boolean isLocal() {
      return true;
    }

    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /** Whether a host as written in an address or URL (brackets allowed) is this machine's own. */
  static boolean isLoopbackHost(String host) {
    InetAddress literal = literal(host);
    return literal != null
        ? literal.isLoopbackAddress()
        : host.toLowerCase(Locale.ROOT).equals("localhost");
  }

  /** The address of an IPv4 or IPv6 literal, brackets allowed; null where the text is none. */
  static @Nullable InetAddress literal(String host) {
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return octets == null ? null : InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has 4 or 16 octets", e);
    }
  }
}
