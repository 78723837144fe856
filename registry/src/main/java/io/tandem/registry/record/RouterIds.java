package io.tandem.registry.record;

import java.util.concurrent.CompletionStage;

/**
 * Where subscription and registration IDs come from: below 2^32, unique in the cluster, never given
 * twice (ID-04). Some clients send larger integers as floats.
 */
public interface RouterIds {

  /** A fresh ID, 1 to 2^32 - 1. */
  CompletionStage<Long> next();
}
