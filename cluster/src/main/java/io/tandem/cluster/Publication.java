package io.tandem.cluster;

import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;

/**
 * An accepted PUBLISH on its way to the lanes with subscribers. Who may receive it is decided
 * there, against each subscriber, so only the publisher's options travel (PS-BWL-06).
 *
 * @param id the publication ID, the same in all EVENTs (PS-09)
 * @param options as the publisher gave them: black and white lists, publisher exclusion
 * @param details what every EVENT of it carries
 */
public record Publication(
    long id, String topic, long publisher, Options options, Options details, Payload payload) {}
