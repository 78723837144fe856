package io.tandem.registry.record;

class LocalRecordStoreTest extends RecordStoreContract {
  @Override
  protected RecordStore<String, Long> store() {
    return new LocalRecordStore<>(Runnable::run);
  }
}
