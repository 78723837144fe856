package io.tandem.cluster.kept;

import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.link.PublicationCodec;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.registry.kept.KeptKey;
import org.jspecify.annotations.Nullable;

/**
 * How a publication stands in the record: the layout (1), then its fields as on a link. A later
 * release appends fields, and since nobody rewrites a publication none gets lost.
 */
final class KeptFormat {

  private static final int LAYOUT = 1;

  private KeptFormat() {}

  static KeptKey key(String realm, Publication publication) {
    return new KeptKey(
        realm,
        publication.stamp(),
        publication.id(),
        KeptKey.sizeClass(publication.payload().length()));
  }

  static byte[] encode(Publication publication) {
    ByteSink octets = new ByteSink(128 + publication.payload().length());
    octets.write(LAYOUT);
    new PublicationCodec().write(new FieldWriter(octets), publication);
    return octets.toByteArray();
  }

  /**
   * The publication; null for a layout of a later release.
   *
   * @throws IllegalArgumentException for octets that no node of this cluster has written
   */
  static @Nullable Publication decode(byte[] octets) {
    try {
      FieldReader in = new FieldReader(octets, 0, octets.length);
      return in.octet() == LAYOUT ? new PublicationCodec().read(in) : null;
    } catch (MalformedException e) {
      throw new IllegalArgumentException("a publication in the record: " + e.getMessage(), e);
    }
  }
}
