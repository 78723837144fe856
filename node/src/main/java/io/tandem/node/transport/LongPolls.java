package io.tandem.node.transport;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The long-poll transports of a listener, on all its lanes: a request may come over a connection of
 * another lane than its transport's. As many as there are connections at most. Any thread.
 */
public final class LongPolls {

  /** Of a transport's name, which is all that a request shows (LP-03). */
  private static final int RANDOM_OCTETS = 24;

  /** Stands between the node and what nobody can guess; in no name of a node as it is written. */
  private static final char END_OF_NODE = '~';

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A client whose last requests come late has so many others' ends for them to come in time. */
  private static final int ENDED = 1000;

  private final Map<String, LongPollTransport> transports = new ConcurrentHashMap<>();
  private final Set<String> ended =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > ENDED;
                }
              }));

  /** A name for a transport, which leads to this node (LP-13). */
  static String freshId(String node) {
    byte[] octets = new byte[RANDOM_OCTETS];
    RANDOM.nextBytes(octets);
    return written(node) + END_OF_NODE + base64(octets);
  }

  private static String written(String node) {
    return node.matches("[A-Za-z0-9._-]+") ? node : base64(node.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] octets) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  /** Why there is no transport of this name here. */
  static String absence(String id, String node) {
    return id.indexOf(END_OF_NODE) < 0 || id.startsWith(written(node) + END_OF_NODE)
        ? "there is no such transport"
        : "there is no such transport on this node, which is "
            + written(node)
            + ": requests have to go to the node that opened it";
  }

  void add(LongPollTransport transport) {
    transports.put(transport.id(), transport);
  }

  void remove(LongPollTransport transport) {
    ended.add(transport.id());
    transports.remove(transport.id());
  }

  /**
   * Whether this transport was one of the last that ended here. What its client has sent meanwhile
   * is ignored, and does not fail: AutobahnJS tells its user that a session is over when its close
   * has been answered well, and takes each other request that fails for one more loss.
   */
  boolean hasEnded(String id) {
    return ended.contains(id);
  }

  boolean isEmpty() {
    return transports.isEmpty();
  }

  @Nullable LongPollTransport find(String id) {
    return transports.get(id);
  }
}
