package io.tandem.cluster.membership;

import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.nio.MemberSocketInterceptor;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.cluster.proof.NotProvedException;
import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A Hazelcast whose members prove on each connection that they know the secret, before Hazelcast
 * reads from it. The open edition has a place for that, before connections get their buffers, but
 * nothing that stands there.
 */
final class ProvingContext extends DefaultNodeContext {

  private final Gatekeeper gatekeeper;

  /** Who did not let this member in, or was not let in; one is enough. */
  private final Queue<String> strangers = new ConcurrentLinkedQueue<>();

  ProvingContext(Gatekeeper gatekeeper) {
    this.gatekeeper = gatekeeper;
  }

  /** The address of one that this member called and that has another secret, if there is any. */
  @Nullable String stranger() {
    return strangers.peek();
  }

  @Override
  public NodeExtension createNodeExtension(Node node) {
    return new DefaultNodeExtension(node) {
      @Override
      public MemberSocketInterceptor getSocketInterceptor(EndpointQualifier qualifier) {
        return new Proof();
      }
    };
  }

  private final class Proof implements MemberSocketInterceptor {

    @Override
    public void init(Properties properties) {}

    @Override
    public void onAccept(Socket socket) throws IOException {
      gatekeeper.answer(socket);
    }

    @Override
    public void onConnect(Socket socket) throws IOException {
      try {
        gatekeeper.call(socket);
      } catch (IOException e) {
        if (e.getCause() instanceof NotProvedException && strangers.isEmpty()) {
          strangers.add(String.valueOf(socket.getRemoteSocketAddress()));
        }
        throw e;
      }
    }
  }
}
