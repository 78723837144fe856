package io.tandem.bench.hostile;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What attackers sent, and what they were told. Any thread. */
final class Spoils {

  private static final Pattern ERROR = Pattern.compile("^\\[8,.*?\"(wamp\\.error\\.[a-z_]+)\"");

  private final LongAdder sent = new LongAdder();
  private final Map<String, LongAdder> told = new ConcurrentSkipListMap<>();

  void sent(long count) {
    sent.add(count);
  }

  /** Reads until the connection ends, on a thread of its own. */
  void read(Enemy enemy) {
    thread(
        "spoils",
        () -> {
          while (true) {
            try {
              note(enemy.receive());
            } catch (SocketTimeoutException silence) {
              // The node owes nothing.
            }
          }
        });
  }

  private void note(String message) {
    Matcher error = ERROR.matcher(message);
    if (error.find()) {
      count(error.group(1));
    } else if (message.startsWith("[3,")) {
      count("ABORT");
    }
  }

  private void count(String what) {
    told.computeIfAbsent(what, word -> new LongAdder()).increment();
  }

  /** Something that goes on until the other side ends it. */
  interface Task {
    void run() throws IOException;
  }

  /** Runs the task here; its end by the other side is counted. */
  void suffer(Task task) {
    try {
      task.run();
    } catch (IOException ended) {
      count("ends of connections");
    }
  }

  /** The same on a thread of its own. */
  Thread thread(String name, Task task) {
    Thread thread = new Thread(() -> suffer(task), name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public String toString() {
    Map<String, Long> counts = new TreeMap<>();
    told.forEach((what, count) -> counts.put(what, count.sum()));
    return sent.sum() + " sent, " + (counts.isEmpty() ? "nothing refused" : counts);
  }
}
