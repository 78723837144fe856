package io.tandem.registry.logins;

import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The logins that a node remembers which stands alone. Any thread. */
public final class LocalRememberedLogins implements RememberedLogins {

  private final int most;
  private final InstantSource clock;

  /** Who was asked for last stands last. */
  private final Map<String, RememberedLogin> logins = new LinkedHashMap<>(16, 0.75f, true);

  public LocalRememberedLogins() {
    this(MOST, InstantSource.system());
  }

  LocalRememberedLogins(int most, InstantSource clock) {
    this.most = most;
    this.clock = clock;
  }

  @Override
  public synchronized CompletionStage<@Nullable RememberedLogin> find(String name) {
    RememberedLogin login = logins.get(name);
    if (login != null && !clock.instant().isBefore(login.until())) {
      logins.remove(name);
      login = null;
    }
    return CompletableFuture.completedFuture(login);
  }

  @Override
  public synchronized CompletionStage<@Nullable Void> remember(String name, RememberedLogin login) {
    logins.put(name, login);
    if (logins.size() > most) {
      Iterator<String> oldest = logins.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized CompletionStage<@Nullable Void> forget(String name) {
    logins.remove(name);
    return CompletableFuture.completedFuture(null);
  }
}
