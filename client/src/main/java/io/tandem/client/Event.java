package io.tandem.client;

import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import org.jspecify.annotations.Nullable;

/**
 * A publication that reached a subscription.
 *
 * @param topic the URI published to, also where the subscription is a pattern
 * @param publication its ID, the same for every receiver
 * @param arguments what was published
 * @param details everything else the router told
 */
public record Event(String topic, long publication, Arguments arguments, Options details) {

  /** The session that published, where it was disclosed. */
  public @Nullable Long publisher() {
    return details.get(Keys.PUBLISHER);
  }
}
