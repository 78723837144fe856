package io.tandem.cluster.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tandem.registry.NodeId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * One side of what a connection between nodes begins with: each proves that it knows the secret.
 * Four messages of fixed lengths, without I/O; one thread at a time.
 *
 * <ol>
 *   <li>who calls: {@code TDM1}, the purpose, 32 random octets, SHA-256 of its node
 *   <li>who answers: 32 random octets, SHA-256 of its node
 *   <li>who calls: HMAC-SHA256 over {@code 1}, the first and the second message
 *   <li>who answers: HMAC-SHA256 over {@code 2}, the first and the second message
 * </ol>
 *
 * <p>Who calls proves first, so a stranger who calls gets nothing made with the key. Both sides
 * have a part in what is proved that is new each time, so what was overheard is of no use later;
 * the two proofs begin differently, so neither is an answer to itself.
 */
final class Handshake {

  /** What the connection is for: a proof for one is none for another. */
  enum Purpose {
    /** Hazelcast's. */
    RECORD(0),
    /** Frames of links. */
    LINKS(1);

    private final byte code;

    Purpose(int code) {
      this.code = (byte) code;
    }
  }

  static final int NONCE = 32;
  static final int HASH = 32;
  static final int HELLO = 4 + 1 + NONCE + HASH;
  static final int CHALLENGE = NONCE + HASH;

  private static final byte[] MAGIC = "TDM1".getBytes(UTF_8);
  private static final byte[] CALLER = {1};
  private static final byte[] ANSWERER = {2};

  /** Instead of a proof: the other one was none. */
  private static final byte[] REFUSAL = new byte[HASH];

  /** What begins like this is TLS: a record of its handshake. */
  static final byte TLS = 22;

  /** To one who begins with TLS, in its own words: a fatal alert, "protocol version". */
  private static final byte[] NO_TLS = {21, 3, 3, 0, 2, 2, 70};

  private static final byte[] NOTHING = {};
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ClusterKey key;
  private final Purpose purpose;
  private final NodeId self;
  private final boolean calls;
  private byte @Nullable [] hello;
  private byte @Nullable [] challenge;
  private byte[] refusal = NOTHING;
  private boolean done;

  Handshake(ClusterKey key, Purpose purpose, NodeId self, boolean calls) {
    this.key = key;
    this.purpose = purpose;
    this.self = self;
    this.calls = calls;
  }

  /** What this side says unasked; empty for the one that answers. */
  byte[] begin() {
    if (!calls) {
      return NOTHING;
    }
    byte[] ours =
        ByteBuffer.allocate(HELLO)
            .put(MAGIC)
            .put(purpose.code)
            .put(nonce())
            .put(hash(self))
            .array();
    hello = ours;
    return ours;
  }

  /** How many octets the next message of the other side has; 0 when both have proved. */
  int awaits() {
    if (done) {
      return 0;
    }
    if (calls) {
      return challenge == null ? CHALLENGE : HASH;
    }
    return hello == null ? HELLO : HASH;
  }

  /**
   * Takes a message of as many octets as are awaited, and answers it.
   *
   * @return empty when there is nothing to answer
   * @throws NotProvedException when the other side does not know the secret; the connection is to
   *     be closed, after {@link #refusal}
   */
  byte[] take(byte[] message) throws NotProvedException {
    return calls ? called(message) : answered(message);
  }

  /** What is said to one who proved nothing, so that it can tell that from a lost connection. */
  byte[] refusal() {
    return refusal.clone();
  }

  /** The same for one who begins without TLS where there is to be some, after its first message. */
  static byte[] refusalWithoutTls() {
    return new byte[CHALLENGE + HASH];
  }

  private byte[] called(byte[] message) throws NotProvedException {
    byte[] said = hello;
    byte[] theirs = challenge;
    if (said == null) {
      throw new IllegalStateException("not begun");
    }
    if (theirs == null) {
      challenge = message;
      return key.mac(CALLER, said, message);
    }
    prove(key.mac(ANSWERER, said, theirs), message);
    return NOTHING;
  }

  private byte[] answered(byte[] message) throws NotProvedException {
    byte[] theirs = hello;
    byte[] ours = challenge;
    if (theirs == null || ours == null) {
      ByteBuffer opening = ByteBuffer.wrap(message);
      byte[] magic = new byte[MAGIC.length];
      opening.get(magic);
      if (!MessageDigest.isEqual(magic, MAGIC) || opening.get() != purpose.code) {
        refusal = message[0] == TLS ? NO_TLS : NOTHING;
        throw new NotProvedException("it does not begin as a node does");
      }
      refusal = REFUSAL;
      hello = message;
      byte[] asked = ByteBuffer.allocate(CHALLENGE).put(nonce()).put(hash(self)).array();
      challenge = asked;
      return asked;
    }
    prove(key.mac(CALLER, theirs, ours), message);
    return key.mac(ANSWERER, theirs, ours);
  }

  private void prove(byte[] expected, byte[] said) throws NotProvedException {
    if (!MessageDigest.isEqual(expected, said)) {
      throw new NotProvedException("it has another cluster.secret, or one side has none");
    }
    done = true;
  }

  private static byte[] nonce() {
    byte[] octets = new byte[NONCE];
    RANDOM.nextBytes(octets);
    return octets;
  }

  private static byte[] hash(NodeId node) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(node.text().getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has it", e);
    }
  }
}
