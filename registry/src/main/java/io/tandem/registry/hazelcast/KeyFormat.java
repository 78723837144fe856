package io.tandem.registry.hazelcast;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Resource;
import io.tandem.registry.kept.KeptKey;

/**
 * How keys of a kind become octets. All releases must agree on every octet, since two keys are the
 * same when their octets are.
 */
interface KeyFormat<K> {

  /** The octets of this key, and of no other. */
  byte[] encode(K key);

  /** The key with these octets. */
  K decode(byte[] octets);

  KeyFormat<Resource> RESOURCE =
      new KeyFormat<>() {
        @Override
        public byte[] encode(Resource key) {
          int match =
              switch (key.match()) {
                case EXACT -> 0;
                case PREFIX -> 1;
                case WILDCARD -> 2;
              };
          return new RecordOutput().octet(match).text(key.realm()).text(key.uri()).toByteArray();
        }

        @Override
        public Resource decode(byte[] octets) {
          RecordInput in = new RecordInput(octets);
          int code = in.octet();
          MatchPolicy match =
              switch (code) {
                case 0 -> MatchPolicy.EXACT;
                case 1 -> MatchPolicy.PREFIX;
                case 2 -> MatchPolicy.WILDCARD;
                default -> throw new IllegalArgumentException("unknown match policy " + code);
              };
          return new Resource(in.text(), match, in.text());
        }
      };

  KeyFormat<Long> ID =
      new KeyFormat<>() {
        @Override
        public byte[] encode(Long key) {
          return new RecordOutput().bits(key).toByteArray();
        }

        @Override
        public Long decode(byte[] octets) {
          return new RecordInput(octets).bits();
        }
      };

  KeyFormat<String> NAME =
      new KeyFormat<>() {
        @Override
        public byte[] encode(String key) {
          return new RecordOutput().text(key).toByteArray();
        }

        @Override
        public String decode(byte[] octets) {
          return new RecordInput(octets).text();
        }
      };

  KeyFormat<KeptKey> KEPT =
      new KeyFormat<>() {
        @Override
        public byte[] encode(KeptKey key) {
          return new RecordOutput()
              .text(key.realm())
              .bits(key.stamp())
              .bits(key.publication())
              .octet(key.sizeClass())
              .toByteArray();
        }

        @Override
        public KeptKey decode(byte[] octets) {
          RecordInput in = new RecordInput(octets);
          return new KeptKey(in.text(), in.bits(), in.bits(), in.octet());
        }
      };
}
