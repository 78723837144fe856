package io.tandem.node.login;

import io.tandem.node.config.AuthConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.provider.PrincipalProvider;
import io.tandem.node.provider.Principals;
import io.tandem.node.provider.Providers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the realms of a node ask plugins: opened once for all realms and methods that say the same,
 * kept over reloads, closed when no configuration says it any more. Any thread.
 */
public final class OpenProviders implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OpenProviders.class);

  private final Map<AuthConfig.Dynamic.Provider, Principals> open = new HashMap<>();

  /**
   * Those of a provider.
   *
   * @throws IllegalArgumentException where it refuses its settings, as it did not when these were
   *     checked
   */
  synchronized Principals of(AuthConfig.Dynamic.Provider config) {
    return open.computeIfAbsent(config, OpenProviders::opened);
  }

  private static Principals opened(AuthConfig.Dynamic.Provider config) {
    PrincipalProvider provider =
        Objects.requireNonNull(
            Providers.installed().named(config.name()), "checked when it was read");
    return new AtHome(provider.getClass().getClassLoader(), provider.open(config.values()));
  }

  /** Closes all that the configuration does not name. */
  public synchronized void keep(NodeConfig config) {
    Set<AuthConfig.Dynamic.Provider> named =
        config.realms().stream()
            .flatMap(realm -> realm.auth().stream())
            .filter(AuthConfig.Dynamic.class::isInstance)
            .map(method -> ((AuthConfig.Dynamic) method).source())
            .filter(AuthConfig.Dynamic.Provider.class::isInstance)
            .map(AuthConfig.Dynamic.Provider.class::cast)
            .collect(Collectors.toSet());
    end(open.keySet().stream().filter(each -> !named.contains(each)).toList());
  }

  @Override
  public synchronized void close() {
    end(List.copyOf(open.keySet()));
  }

  private void end(List<AuthConfig.Dynamic.Provider> over) {
    over.forEach(
        each -> {
          Principals principals = Objects.requireNonNull(open.remove(each));
          // It may block, and whoever calls must not.
          Thread end = new Thread(() -> end(each.name(), principals), "tandem-auth-end");
          end.setDaemon(true);
          end.start();
        });
  }

  private static void end(String name, Principals principals) {
    try {
      principals.close();
    } catch (RuntimeException | LinkageError failure) {
      LOG.warn("Provider {} could not be closed: {}", name, failure.toString());
    }
  }

  /** Is asked and closed where libraries of the plugin find its other classes. */
  private record AtHome(ClassLoader loader, Principals principals) implements Principals {

    @Override
    public @Nullable Map<String, ? extends @Nullable Object> find(
        String realm, @Nullable String authid, Map<String, @Nullable Object> details)
        throws Exception {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(loader);
      try {
        return principals.find(realm, authid, details);
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    @Override
    public void close() {
      Thread.currentThread().setContextClassLoader(loader); // a thread that ends with this
      principals.close();
    }
  }
}
