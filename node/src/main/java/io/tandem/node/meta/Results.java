package io.tandem.node.meta;

import io.tandem.node.local.WampFailure;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.sessions.SessionDetails;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What procedures of the meta API answer with. */
final class Results {

  private Results() {}

  /** These arguments. */
  static Payload of(@Nullable Object... args) {
    return list(Arrays.asList(args));
  }

  /** The items as the arguments. */
  static Payload list(List<?> args) {
    return Payload.encode(args, Map.of());
  }

  /**
   * Where the cluster cannot be read the caller is told so.
   *
   * @param what cannot be read, in the plural or not, up to {@code cannot}
   */
  static <T extends @Nullable Object> CompletionStage<T> readable(
      CompletionStage<T> reading, String what) {
    return reading.exceptionally(
        failure -> {
          throw new WampFailure(WampUri.NETWORK_FAILURE, what + " cannot be read now");
        });
  }

  /** The session of this ID that was looked for; fails where it is none of the realm's. */
  static SessionDetails session(@Nullable SessionDetails found, String realm, long id) {
    if (found == null || !found.realm().equals(realm)) {
      throw noSuchSession(id);
    }
    return found;
  }

  /**
   * Why no lane has found the session of this ID: the directory knows of sessions also where their
   * nodes cannot be asked.
   */
  static WampFailure unmet(@Nullable SessionDetails found, String realm, long id) {
    session(found, realm, id);
    return new WampFailure(
        WampUri.NETWORK_FAILURE, "the node of the session cannot be reached, or it just leaves");
  }

  static WampFailure noSuchSession(long id) {
    return new WampFailure(WampUri.NO_SUCH_SESSION, "no session " + id);
  }
}
