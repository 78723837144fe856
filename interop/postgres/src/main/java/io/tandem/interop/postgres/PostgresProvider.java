package io.tandem.interop.postgres;

import io.tandem.node.provider.PrincipalProvider;
import io.tandem.node.provider.Principals;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Clients in the table of {@code schema.sql}. Its settings are {@code url}, {@code user} and {@code
 * password}.
 */
public final class PostgresProvider implements PrincipalProvider {

  /** Shorter than the timeout of most nodes: a database that hangs must not keep their threads. */
  private static final int SECONDS = 3;

  private static final Set<String> SETTINGS = Set.of("url", "user", "password");

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public Principals open(Map<String, String> settings) {
    Set<String> unknown = new TreeSet<>(settings.keySet());
    unknown.removeAll(SETTINGS);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("there is no setting " + unknown.iterator().next());
    }
    String url = settings.get("url");
    if (url == null || !url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("url is needed, as jdbc:postgresql://HOST/DATABASE");
    }
    PGSimpleDataSource database = new PGSimpleDataSource();
    try {
      database.setURL(url);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("url is none that the driver takes"); // theirs shows it
    }
    if (database.getPassword() != null) {
      throw new IllegalArgumentException("url holds a password, which stands in password instead");
    }
    database.setUser(settings.get("user"));
    database.setPassword(settings.get("password"));
    database.setReadOnly(true);
    database.setApplicationName("tandem");
    database.setConnectTimeout(SECONDS);
    database.setSocketTimeout(SECONDS);
    return new Table(new Connections(database));
  }
}
