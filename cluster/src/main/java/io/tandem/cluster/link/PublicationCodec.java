package io.tandem.cluster.link;

import io.tandem.cluster.delivery.Publication;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.util.List;

/**
 * Publications and payloads as fields in a fixed order; what a later release adds at the end is
 * left unread. Payloads stay slices of the octets read. Belongs to one thread.
 */
public final class PublicationCodec {

  private static final List<Serializer> SERIALIZERS =
      List.of(Serializer.JSON, Serializer.MSGPACK, Serializer.CBOR);
  private static final List<Payload.Shape> SHAPES =
      List.of(
          Payload.Shape.EMPTY, Payload.Shape.ARGS, Payload.Shape.ARGS_KWARGS, Payload.Shape.BINARY);

  private final OptionsCodec options;

  public PublicationCodec() {
    this(new OptionsCodec());
  }

  PublicationCodec(OptionsCodec options) {
    this.options = options;
  }

  /** Appends a publication. */
  public void write(FieldWriter out, Publication publication) {
    out.number(publication.id());
    out.text(publication.topic());
    out.number(publication.publisher());
    options.write(out, publication.options());
    options.write(out, publication.details());
    write(out, publication.payload());
    if (publication.stamp() != 0) {
      out.number(publication.stamp());
    }
  }

  /** Reads one. */
  public Publication read(FieldReader in) throws MalformedException {
    long id = in.number();
    String topic = in.text();
    long publisher = in.number();
    Options chosen = options.read(in);
    Options details = options.read(in);
    Payload payload = readPayload(in);
    long stamp = in.atEnd() ? 0 : in.number();
    return new Publication(id, topic, publisher, chosen, details, payload, stamp);
  }

  static void write(FieldWriter out, Payload payload) {
    out.constant(SERIALIZERS, payload.serializer());
    out.constant(SHAPES, payload.shape());
    out.slice(payload.bytes(), payload.offset(), payload.length());
  }

  static Payload readPayload(FieldReader in) throws MalformedException {
    Serializer serializer = in.constant(SERIALIZERS);
    Payload.Shape shape = in.constant(SHAPES);
    FieldReader slice = in.slice();
    return Payload.slice(serializer, shape, slice.bytes(), slice.position(), slice.remaining());
  }
}
