package io.tandem.registry.kept;

import java.time.InstantSource;

/** A node alone keeps the contract. */
class LocalKeptRecordTest extends KeptRecordContract {

  @Override
  protected KeptRecord record() {
    return new LocalKeptRecord(InstantSource.system());
  }
}
