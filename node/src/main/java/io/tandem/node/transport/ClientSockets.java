package io.tandem.node.transport;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.NetUtil;
import io.tandem.node.auth.Entrance;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.Opening;
import io.tandem.node.auth.TlsPeer;
import io.tandem.node.config.KeepAliveConfig;
import io.tandem.node.config.ListenerConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the kernel is asked to do for the connections of clients, and to tell of them. */
final class ClientSockets {

  /**
   * A client is read from 4 times in a turn, 64 KiB each: when hundreds send at once the buffers
   * are looked at before they are full.
   */
  private static final RecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(4);

  /** Silence before a probe, and the wait for its answer, where the listener sends no pings. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final int PROBES = 3;

  /** As the kernel calls it in {@code tcp_info}. */
  private static final int ESTABLISHED = 1;

  private ClientSockets() {}

  /**
   * Has the kernel find out that the other machine is gone, in the time that pings take: by probes
   * where it is idle, and by what it does not acknowledge. Many clients are not pinged (RS-10).
   * Without effect on Unix sockets, and on systems other than Linux but for probes in their own
   * time.
   */
  static void watch(Channel channel, KeepAliveConfig keepAlive) {
    boolean pings = !keepAlive.pingInterval().isZero();
    Duration idle = pings ? keepAlive.pingInterval() : IDLE;
    Duration patience = pings ? keepAlive.pingTimeout() : PATIENCE;
    ChannelConfig config = channel.config();
    config.setRecvByteBufAllocator(READS);
    config.setOption(ChannelOption.SO_KEEPALIVE, true);
    config.setOption(EpollChannelOption.TCP_KEEPIDLE, (int) idle.toSeconds());
    config.setOption(
        EpollChannelOption.TCP_KEEPINTVL, Math.max(1, (int) patience.toSeconds() / PROBES));
    config.setOption(EpollChannelOption.TCP_KEEPCNT, PROBES);
    config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, (int) idle.plus(patience).toMillis());
  }

  /** The client's address, or the listener's where the client has none. */
  static String peer(Channel channel, ListenerConfig config) {
    InetSocketAddress client = Frontier.client(channel);
    if (client == null) {
      return config.endpoint().toString();
    }
    return client.getPort() == 0
        ? NetUtil.toAddressString(client.getAddress())
        : NetUtil.toSocketAddressString(client);
  }

  /**
   * What the connection shows of the client's identity.
   *
   * @param opening the HTTP request that it began with, or null
   */
  static Evidence evidence(Channel channel, ListenerConfig config, @Nullable Opening opening) {
    TlsPeer tls = TlsSession.of(channel.pipeline());
    boolean secure = tls != null || Frontier.isSecure(channel) || isLocal(channel, config);
    String peer = peer(channel, config);
    return new Evidence(
        peer,
        Objects.requireNonNullElse(Frontier.origin(channel), peer),
        secure,
        tls,
        opening,
        OpeningCookie.of(channel),
        new Entrance(config.admits()::leadsTo, config.admits()::takes));
  }

  /** Whether nobody can read along: the listener is on this machine, and so is the client. */
  private static boolean isLocal(Channel channel, ListenerConfig config) {
    InetSocketAddress client = Frontier.client(channel);
    return config.endpoint().isLocal()
        && (client == null || client.getAddress().isLoopbackAddress());
  }

  /** Whether the client is still there, as far as the kernel knows now. */
  static boolean isConnected(Channel channel) {
    try {
      return channel.isActive()
          && !(channel instanceof EpollSocketChannel socket
              && socket.tcpInfo().state() != ESTABLISHED);
    } catch (ChannelException closed) {
      return false;
    }
  }
}
