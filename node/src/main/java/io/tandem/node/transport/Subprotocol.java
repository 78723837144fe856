package io.tandem.node.transport;

import io.tandem.node.config.ListenerConfig;
import io.tandem.protocol.wire.Serializer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a client may ask for by name where its transport begins with HTTP: a serializer, and whether
 * messages come in batches (WS-01, BAT-01, LP-02).
 */
record Subprotocol(Serializer serializer, boolean isBatched) {

  private static final String PREFIX = "wamp.2.";
  private static final String BATCHED = ".batched";

  String wireName() {
    return PREFIX + serializer.wireName() + (isBatched ? BATCHED : "");
  }

  /** Those that a listener offers; batches wherever the serializer is offered. */
  static List<Subprotocol> of(ListenerConfig config) {
    return config.serializers().stream()
        .flatMap(known -> Stream.of(new Subprotocol(known, false), new Subprotocol(known, true)))
        .toList();
  }

  /** The first of the client's names that is offered (WS-02); null where none is. */
  static @Nullable Subprotocol choose(Stream<String> names, ListenerConfig config) {
    List<Subprotocol> offered = of(config);
    return names
        .flatMap(name -> offered.stream().filter(known -> name.equals(known.wireName())))
        .findFirst()
        .orElse(null);
  }

  /** The names of those that a listener offers, for a client that has asked for none of them. */
  static String list(ListenerConfig config) {
    return String.join(", ", of(config).stream().map(Subprotocol::wireName).toList());
  }
}
