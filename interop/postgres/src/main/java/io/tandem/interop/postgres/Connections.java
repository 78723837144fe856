package io.tandem.interop.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections to a database, opened when there is none to be had. No more are open than ask at
 * once, which a node bounds by its threads; so many are kept as it has threads. Any thread.
 */
final class Connections {

  private static final int KEPT = 8;

  /** What is done with a connection. */
  @FunctionalInterface
  interface Question<T> {
    @Nullable T ask(Connection connection) throws SQLException;
  }

  private final DataSource database;
  private final BlockingQueue<Connection> idle = new ArrayBlockingQueue<>(KEPT);
  private volatile boolean isClosed;

  Connections(DataSource database) {
    this.database = database;
  }

  /**
   * Asks, and a second time on a new connection where a kept one turns out to be dead, as after a
   * restart of the database.
   */
  <T> @Nullable T ask(Question<T> question) throws SQLException {
    Connection kept = idle.poll();
    if (kept != null) {
      try {
        return ask(question, kept);
      } catch (SQLException failure) {
        // A question that fails on a connection that lives fails on another one as well.
        if (!isOver(failure)) {
          throw failure;
        }
        closeIdle(); // those are dead, too
      }
    }
    return ask(question, database.getConnection());
  }

  private <T> @Nullable T ask(Question<T> question, Connection connection) throws SQLException {
    try {
      @Nullable T answer = question.ask(connection);
      if (!idle.offer(connection)) {
        connection.close();
      }
      if (isClosed) {
        closeIdle();
      }
      return answer;
    } catch (SQLException | RuntimeException failure) {
      try {
        connection.close();
      } catch (SQLException another) {
        failure.addSuppressed(another);
      }
      throw failure;
    }
  }

  /** Class 08 of SQLSTATE: connections; 57P: the database was shut down. */
  private static boolean isOver(SQLException failure) {
    String state = failure.getSQLState();
    return state != null && (state.startsWith("08") || state.startsWith("57P"));
  }

  private void closeIdle() {
    for (Connection each = idle.poll(); each != null; each = idle.poll()) {
      try {
        each.close();
      } catch (SQLException dead) {
        // So there is nothing to close.
      }
    }
  }

  void close() {
    isClosed = true;
    closeIdle();
  }
}
