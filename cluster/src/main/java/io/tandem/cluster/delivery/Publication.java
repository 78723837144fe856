package io.tandem.cluster.delivery;

import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import java.util.Arrays;
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
  private final long stamp;
  private final Audience audience;

  /** One that no node keeps, see the other constructor. */
  public Publication(
      long id, String topic, long publisher, Options options, Options details, Payload payload) {
    this(id, topic, publisher, options, details, payload, 0);
  }

  /**
   * @param id the publication ID, the same in all EVENTs (PS-09)
   * @param options as the publisher gave them: black and white lists, publisher exclusion
   * @param details what every EVENT of it carries
   * @param stamp its place among what the nodes keep, see {@link Stamps}; 0 when none keeps it
   */
  public Publication(
      long id,
      String topic,
      long publisher,
      Options options,
      Options details,
      Payload payload,
      long stamp) {
    this.stamp = stamp;
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

  /** Its place among what the nodes keep; 0 when none keeps it. */
  public long stamp() {
    return stamp;
  }

  /**
   * The same, to be kept for long or taken from there: it pins no octets but its own, and what is
   * found out about one of the two, such as its payload in another serializer, goes with that one.
   * The trace that it was published in is over by the time that anybody asks for it.
   */
  public Publication apart() {
    int end = payload.offset() + payload.length();
    boolean isAlone = payload.length() == payload.kept();
    Payload own =
        Payload.slice(
            payload.serializer(),
            payload.shape(),
            isAlone ? payload.bytes() : Arrays.copyOfRange(payload.bytes(), payload.offset(), end),
            0,
            payload.length());
    return new Publication(id, topic, publisher, untraced(options), untraced(details), own, stamp);
  }

  private static Options untraced(Options options) {
    return options.without(Keys.TRACEPARENT).without(Keys.TRACESTATE);
  }

  /** What it costs while it waits, in octets, roughly. */
  public int weight() {
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
        && payload.equals(that.payload)
        && stamp == that.stamp;
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
