package io.tandem.registry.sessions;

import java.util.concurrent.CompletionStage;

/**
 * Where session IDs come from: random, and held by one session of the cluster at a time (ID-02).
 */
public interface SessionIds {

  /** Claims an ID that no living session has. May complete on any thread. */
  CompletionStage<Long> claim();

  /** No session came to have the ID; it may be drawn again. */
  void release(long id);
}
