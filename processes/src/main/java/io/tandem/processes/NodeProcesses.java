package io.tandem.processes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that are started together and end together. One that ends by itself is told of, and the
 * others go on; unless it was never ready, for then the start has failed. Any thread.
 */
public final class NodeProcesses {

  /** Who hears of them; on a thread of each node. */
  public interface Listener {

    /** A node says a line. */
    void says(String node, String line);

    /** Something has happened to a node, in a sentence. */
    void happens(String sentence);
  }

  private final Listener listener;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();

  /** Of those that were started, how many run. */
  private int running;

  /** Whether no more are started. */
  private boolean complete;

  private boolean stopping;
  private int status;

  public NodeProcesses(Listener listener) {
    this.listener = listener;
  }

  /**
   * Starts another one.
   *
   * @param command of the process, with the arguments of the node
   * @return null when they are to stop already
   * @throws IOException when there is no such command
   */
  public synchronized @Nullable NodeProcess start(String name, ProcessBuilder command)
      throws IOException {
    if (stopping) {
      return null;
    }
    NodeProcess node = NodeProcess.start(name, command, line -> listener.says(name, line));
    nodes.add(node);
    running++;
    node.ended().thenAccept(code -> ended(node, code));
    return node;
  }

  /**
   * No more are started. Completes when all have ended, with the status of the first that did not
   * end well; with 0 when all did.
   */
  public synchronized CompletableFuture<Integer> ended() {
    complete = true;
    endWhenAllHave();
    return ended.copy();
  }

  private synchronized void ended(NodeProcess node, int code) {
    running--;
    if (status == 0) {
      status = code;
    }
    if (!stopping || code != 0) {
      listener.happens(node.name() + " ended with code " + code);
    }
    if (!stopping && !node.wasReady() && running > 0) {
      listener.happens(node.name() + " did not start, so the others are stopped");
      stop();
    }
    endWhenAllHave();
  }

  private void endWhenAllHave() {
    if (complete && running == 0) {
      ended.complete(status);
    }
  }

  /** In the order of their starts. */
  public synchronized List<NodeProcess> all() {
    return List.copyOf(nodes);
  }

  /** Asks all of them to go. */
  public synchronized void stop() {
    stopping = true;
    nodes.forEach(NodeProcess::stop);
  }

  /** Ends all of them at once. */
  public synchronized void kill() {
    stopping = true;
    nodes.forEach(NodeProcess::kill);
  }
}
