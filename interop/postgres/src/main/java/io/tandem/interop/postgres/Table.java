package io.tandem.interop.postgres;

import io.tandem.node.provider.Principals;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table, a client a row. Any thread. */
final class Table implements Principals {

  private static final String QUESTION =
      "SELECT role, ticket_sha256, cra_key, cra_salt, cra_iterations, cra_keylen, scram_record"
          + " FROM principals WHERE authid = ?";

  private final Connections connections;

  Table(Connections connections) {
    this.connections = connections;
  }

  @Override
  public @Nullable Map<String, ? extends @Nullable Object> find(
      String realm, @Nullable String authid, Map<String, @Nullable Object> details)
      throws SQLException {
    if (authid == null || authid.indexOf('\0') >= 0) { // which PostgreSQL has in no text
      return null;
    }
    return connections.ask(connection -> look(connection, authid, details));
  }

  private static @Nullable Map<String, ? extends @Nullable Object> look(
      Connection connection, String authid, Map<String, @Nullable Object> details)
      throws SQLException {
    try (PreparedStatement question = connection.prepareStatement(QUESTION)) {
      question.setString(1, authid);
      try (ResultSet row = question.executeQuery()) {
        return row.next() ? principal(row, details) : null;
      }
    }
  }

  /** What the row tells about the method; null where it does not know the client by that. */
  private static @Nullable Map<String, ? extends @Nullable Object> principal(
      ResultSet row, Map<String, @Nullable Object> details) throws SQLException {
    Map<String, Object> principal = new HashMap<>();
    principal.put("role", row.getString("role"));
    boolean isKnown =
        switch (String.valueOf(details.get("authmethod"))) {
          case "ticket" -> {
            byte[] digest = row.getBytes("ticket_sha256");
            yield digest != null && MessageDigest.isEqual(digest, sha256(details.get("ticket")));
          }
          case "wampcra" -> {
            principal.put("secret", row.getString("cra_key"));
            principal.put("salt", row.getString("cra_salt"));
            principal.put("iterations", row.getInt("cra_iterations"));
            principal.put("keylen", row.getInt("cra_keylen"));
            yield row.getString("cra_key") != null;
          }
          case "wamp-scram" -> {
            principal.put("record", row.getString("scram_record"));
            yield row.getString("scram_record") != null;
          }
          default -> false;
        };
    return isKnown ? principal : null;
  }

  private static byte[] sha256(@Nullable Object ticket) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(String.valueOf(ticket).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException("every platform has SHA-256", never);
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
