package io.tandem.node.testing;

import io.tandem.node.provider.PrincipalProvider;
import io.tandem.node.provider.Principals;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The provider of the tests, which is found as that of a plugin is, under the name that examples
 * use. It knows joe by his ticket, wants a {@code url}, and fails on one that is {@code broken}.
 */
public final class TestProvider implements PrincipalProvider {

  /** What is told of those opened, by their {@code url}, in the order in which it happened. */
  public static final List<String> EVENTS = Collections.synchronizedList(new ArrayList<>());

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public Principals open(Map<String, String> settings) {
    String url = settings.get("url");
    if (url == null) {
      throw new IllegalArgumentException("url is needed");
    } else if (url.equals("broken")) {
      throw new IllegalStateException("with the password " + settings.get("password"));
    }
    EVENTS.add("opened " + url);
    return new Principals() {
      @Override
      public @Nullable Map<String, ? extends @Nullable Object> find(
          String realm, @Nullable String authid, Map<String, @Nullable Object> details) {
        EVENTS.add("asked " + url + " of " + authid);
        if (Thread.currentThread().getContextClassLoader() != TestProvider.class.getClassLoader()) {
          throw new IllegalStateException("no class of this plugin would be found");
        }
        return "joe".equals(authid) ? Map.of("role", "user", "ticket", "joe-s secret") : null;
      }

      @Override
      public void close() {
        EVENTS.add("closed " + url);
      }
    };
  }
}
