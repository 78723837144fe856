package io.tandem.node.provider;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Clients whom a {@link PrincipalProvider} knows. One for all realms and methods that are
 * configured alike, asked by several threads at once.
 */
public interface Principals {

  /**
   * Says who a client is. May block: it has a thread of a bounded pool, which all realms of the
   * node share, and is interrupted when its time is up; so whatever does not heed that has a
   * shorter limit of its own.
   *
   * @param realm the one that the client wants to join
   * @param authid what it calls itself; null where it does not say
   * @param details what else HELLO says, to be trusted in nothing; besides, from the node, {@code
   *     session}, {@code authmethod}, {@code transport} and, with the method {@code ticket}, the
   *     {@code ticket} shown. Immutable
   * @return what an authenticator procedure answers: {@code role}, and {@code authid}, {@code
   *     realm}, {@code extra} and what the method takes; of the types that JSON has. Null refuses
   *     the client
   * @throws Exception refuses the client, and tells it nothing; it is logged as it is, so that it
   *     says nothing secret
   */
  @Nullable Map<String, ? extends @Nullable Object> find(
      String realm, @Nullable String authid, Map<String, @Nullable Object> details)
      throws Exception;

  /** Nobody asks any more; who is being told meanwhile may fail. May block. */
  default void close() {}
}
