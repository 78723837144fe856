package io.tandem.client;

import io.tandem.protocol.message.Key;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.List;

/**
 * Who receives an event and what it tells. Immutable; start with {@link #DEFAULT}.
 *
 * @param wire the keys of {@code PUBLISH.Options}; {@code acknowledge} is set by the method called
 */
public record PublishOptions(Options wire) {

  /** Every subscriber but the publisher itself; the publisher is not disclosed. */
  public static final PublishOptions DEFAULT = new PublishOptions(Options.EMPTY);

  /** The publisher receives its own event where it is subscribed (PS-EXCL-01). */
  public PublishOptions withMyself() {
    return with(Keys.EXCLUDE_ME, false);
  }

  /** Asks the router to tell subscribers who publishes (PS-IDENT-01). */
  public PublishOptions withDisclosure() {
    return with(Keys.DISCLOSE_ME, true);
  }

  /** Only these sessions may receive the event; none, when the list is empty (PS-BWL-04). */
  public PublishOptions withEligible(List<Long> sessions) {
    return with(Keys.ELIGIBLE, List.copyOf(sessions));
  }

  /** These sessions do not receive the event. */
  public PublishOptions withExcluded(List<Long> sessions) {
    return with(Keys.EXCLUDE, List.copyOf(sessions));
  }

  /** Any other key of {@link Keys} that PUBLISH carries. */
  public <T> PublishOptions with(Key<T> key, T value) {
    return new PublishOptions(wire.with(key, value));
  }
}
