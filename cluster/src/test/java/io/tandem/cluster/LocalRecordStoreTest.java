package io.tandem.cluster;

class LocalRecordStoreTest extends RecordStoreContract {
  @Override
  protected RecordStore<String, Long> store() {
    return new LocalRecordStore<>();
  }
}
