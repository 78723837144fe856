package io.tandem.node.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.registry.sessions.SessionDetails;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events as lines of JSON in a file of their own. Whoever tells one never waits: what a writer of
 * its own cannot keep up with is counted, and the count told. The file is opened for each batch, so
 * that it may be moved away at any time. Any thread.
 */
public final class AuditLog implements AutoCloseable {

  /** Tells nobody. */
  public static final AuditLog NONE = new AuditLog(null, "");

  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  /** Events that may wait to be written; each takes some hundred octets. */
  static final int MOST_WAITING = 8_192;

  private static final int BATCH = 512;
  private static final Duration LONGEST_END = Duration.ofSeconds(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a client said may be long. */
  private static final int LONGEST_TEXT = 512;

  private final @Nullable Path file;
  private final String node;
  private final BlockingQueue<Map<String, Object>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong missed = new AtomicLong();
  private final @Nullable Thread writer;
  private volatile boolean closed;
  private boolean failing;

  private AuditLog(@Nullable Path file, String node) {
    this.file = file;
    this.node = node;
    this.writer = file == null ? null : new Thread(this::write, "tandem-audit");
    if (writer != null) {
      writer.setDaemon(true);
      writer.start();
    }
  }

  /**
   * Begins to write.
   *
   * @param file appended to; made, for its owner alone to read, when there is none. Null to tell
   *     nobody
   * @param node the node's name
   */
  public static AuditLog of(@Nullable Path file, String node) {
    return file == null ? NONE : new AuditLog(file, node);
  }

  /** A session is established. */
  public void joined(SessionDetails session) {
    tell(
        "joined",
        "realm",
        session.realm(),
        "session",
        session.session(),
        "authid",
        session.authid(),
        "authrole",
        session.authrole(),
        "authmethod",
        session.authmethod(),
        "authprovider",
        session.authprovider(),
        "address",
        session.transport().get("peer"));
  }

  /** A session is over. */
  public void left(SessionDetails session) {
    tell("left", "realm", session.realm(), "session", session.session());
  }

  /**
   * A client was not let in.
   *
   * @param realm that it wanted, if there is one
   * @param reason a URI
   * @param why in words
   */
  public void refused(@Nullable String realm, String address, String reason, String why) {
    tell("refused", "realm", realm, "address", address, "reason", reason, "why", why);
  }

  /**
   * Too many logins have failed, and further attempts are refused for a while.
   *
   * @param authid that the client has claimed to have
   * @param by whose failures they are, of the address or of the authid
   */
  public void paused(
      String realm,
      @Nullable String authid,
      String address,
      String by,
      int failures,
      Duration length) {
    tell(
        "paused",
        "realm",
        realm,
        "authid",
        authid,
        "address",
        address,
        "by",
        by,
        "failures",
        failures,
        "seconds",
        length.toSeconds());
  }

  /**
   * Tells an event.
   *
   * @param event a word
   * @param more name and value in turns; texts are cut at 512 characters, null is left out
   */
  public void tell(String event, @Nullable Object... more) {
    if (file == null) {
      return;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("time", Instant.now().toString());
    fields.put("node", node);
    fields.put("event", event);
    for (int i = 0; i < more.length; i += 2) {
      Object value = more[i + 1];
      if (value instanceof String text && text.length() > LONGEST_TEXT) {
        value = text.substring(0, LONGEST_TEXT);
      }
      if (value != null) {
        fields.put(String.valueOf(more[i]), value);
      }
    }
    if (closed || !waiting.offer(fields)) {
      missed.incrementAndGet();
    }
  }

  /** Events that are not told yet to be missing. */
  long missed() {
    return missed.get();
  }

  private void write() {
    try {
      while (!closed || !waiting.isEmpty()) {
        Map<String, Object> first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          List<Map<String, Object>> batch = new ArrayList<>();
          batch.add(first);
          waiting.drainTo(batch, BATCH);
          append(batch);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void append(List<Map<String, Object>> batch) {
    long lost = missed.getAndSet(0);
    if (lost > 0) {
      batch.add(
          Map.of("time", Instant.now().toString(), "node", node, "event", "missed", "count", lost));
    }
    StringBuilder lines = new StringBuilder();
    try {
      for (Map<String, Object> event : batch) {
        lines.append(JSON.writeValueAsString(event)).append('\n');
      }
      append(ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
      failing = false;
    } catch (JsonProcessingException e) {
      throw new AssertionError("texts, numbers and lists of them", e);
    } catch (IOException failure) {
      missed.addAndGet(batch.size() + lost - (lost > 0 ? 1 : 0));
      if (!failing) { // once, until it can be written again
        LOG.error("The audit log {} cannot be written: {}", file, failure.toString());
      }
      failing = true;
    }
  }

  private void append(ByteBuffer lines) throws IOException {
    Path target = Objects.requireNonNull(file);
    try (SeekableByteChannel channel = open(target)) {
      while (lines.hasRemaining()) {
        channel.write(lines);
      }
    }
  }

  private static SeekableByteChannel open(Path file) throws IOException {
    Set<StandardOpenOption> how =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE);
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? Files.newByteChannel(
            file,
            how,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : Files.newByteChannel(file, how);
  }

  /** Writes what waits, and ends. Blocks for 2 s at most. */
  @Override
  public void close() {
    closed = true;
    if (writer != null) {
      try {
        writer.join(LONGEST_END.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
