package io.tandem.cluster.membership;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a node remembers of the lives of other nodes, those that are over included: beyond {@value
 * #LIVES}, far more than a cluster has and lately had, the oldest one is forgotten. For one thread.
 *
 * @param <K> what tells lives apart
 * @param <V> what is remembered of each
 */
public final class Remembered<K, V> extends LinkedHashMap<K, V> {

  private static final long serialVersionUID = 1L;

  private static final int LIVES = 1_024;

  private final transient Consumer<V> forgotten;

  public Remembered() {
    this(value -> {});
  }

  /**
   * @param forgotten is told of each one that is forgotten
   */
  public Remembered(Consumer<V> forgotten) {
    this.forgotten = forgotten;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    boolean tooMany = size() > LIVES;
    if (tooMany) {
      forgotten.accept(eldest.getValue());
    }
    return tooMany;
  }
}
