package io.tandem.cluster.membership;

import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.server.ServerContext;
import com.hazelcast.nio.MemberSocketInterceptor;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.cluster.proof.NotProvedException;
import java.io.IOException;
import java.net.Socket;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A Hazelcast whose members prove on each connection that they are nodes of the cluster, before
 * Hazelcast reads from it. The open edition has a place for that, before connections get their
 * buffers, but nothing that stands there. It has places for TLS too, around what reads and writes.
 */
final class ProvingContext extends DefaultNodeContext {

  private final Gatekeeper gatekeeper;

  /** Who did not let this member in, or was not let in; one is enough. */
  private final Queue<String> strangers = new ConcurrentLinkedQueue<>();

  /** In what TLS the connections are whose proof is made and whose reading has not begun. */
  private final Map<Socket, SSLEngine> proved = Collections.synchronizedMap(new WeakHashMap<>());

  ProvingContext(Gatekeeper gatekeeper) {
    this.gatekeeper = gatekeeper;
  }

  /** What is configured in another way on one that this member called, if there is any. */
  @Nullable String stranger() {
    return strangers.peek();
  }

  @Override
  public NodeExtension createNodeExtension(Node node) {
    return new DefaultNodeExtension(node) {
      @Override
      public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(
          ServerContext context) {
        return super.createChannelInitializerFn(context).andThen(ProvingContext.this::inTls);
      }

      @Override
      public MemberSocketInterceptor getSocketInterceptor(EndpointQualifier qualifier) {
        return new Proof();
      }
    };
  }

  /** What reads and writes on a connection, with the TLS around it that its proof was made in. */
  private ChannelInitializer inTls(ChannelInitializer plain) {
    return channel -> {
      SSLEngine engine = proved.remove(channel.socket());
      if (engine == null) {
        plain.initChannel(channel);
      } else {
        channel.inboundPipeline().addLast(new TlsInbound(engine));
        plain.initChannel(channel);
        channel.outboundPipeline().addLast(new TlsOutbound(engine));
      }
    };
  }

  private void proved(Socket socket, @Nullable SSLEngine engine) {
    if (engine != null) {
      proved.put(socket, engine);
    }
  }

  private final class Proof implements MemberSocketInterceptor {

    @Override
    public void init(Properties properties) {}

    @Override
    public void onAccept(Socket socket) throws IOException {
      proved(socket, gatekeeper.answer(socket));
    }

    @Override
    public void onConnect(Socket socket) throws IOException {
      try {
        proved(socket, gatekeeper.call(socket));
      } catch (IOException e) {
        if (e.getCause() instanceof NotProvedException why && strangers.isEmpty()) {
          strangers.add(
              why.key()
                  + " is another one here than on "
                  + socket.getRemoteSocketAddress()
                  + ", or one of the two has none ("
                  + why.getMessage()
                  + ")");
        }
        throw e;
      }
    }
  }
}
