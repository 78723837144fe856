package io.tandem.cluster.delivery;

import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import org.jspecify.annotations.Nullable;

/**
 * An accepted PUBLISH on its way to the lanes with subscribers. Who may receive it is decided
 * there, against each subscriber, so only the publisher's options travel (PS-BWL-06). Immutable;
 * the lanes of a node share one.
 */
public final class Publication {

  private final long id;
  private final String topic;
  private final long publisher;
  private final Options options;
  private final Options details;
  private final Payload payload;
  private final Audience audience;

  /**
   * @param id the publication ID, the same in all EVENTs (PS-09)
   * @param options as the publisher gave them: black and white lists, publisher exclusion
   * @param details what every EVENT of it carries
   */
  public Publication(
      long id, String topic, long publisher, Options options, Options details, Payload payload) {
    this.id = id;
    this.topic = topic;
    this.publisher = publisher;
    this.options = options;
    this.details = details;
    this.payload = payload;
    this.audience = Audience.of(publisher, options);
  }

  public long id() {
    return id;
  }

  public String topic() {
    return topic;
  }

  public long publisher() {
    return publisher;
  }

  public Options options() {
    return options;
  }

  public Options details() {
    return details;
  }

  public Payload payload() {
    return payload;
  }

  /** Who may receive it. */
  public Audience audience() {
    return audience;
  }

  /** What it costs while it waits, in octets, roughly. */
  int weight() {
    return topic.length() + options.weight() + details.weight() + payload.length();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Publication that
        && id == that.id
        && topic.equals(that.topic)
        && publisher == that.publisher
        && options.equals(that.options)
        && details.equals(that.details)
        && payload.equals(that.payload);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }

  @Override
  public String toString() {
    return "publication " + id + " to " + topic;
  }
}
