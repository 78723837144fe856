package io.tandem.registry.hazelcast;

import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import io.tandem.registry.NodeId;
import io.tandem.registry.testaments.Testament;
import io.tandem.registry.testaments.Testator;
import io.tandem.registry.testaments.Will;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The node, then a block with the testator: ID, realm, authid, authrole, authmethod, authprovider,
 * whether it knows passthru mode, a block of more in JSON. Then the version, the number of
 * testaments and a block for each: its scope (0 detached, 1 destroyed), and the PUBLISH in CBOR.
 */
final class WillFormat implements ValueFormat<WillFormat.WillRecord> {

  private static final DecodeLimits WIDEST =
      new DecodeLimits(DecodeLimits.MAX_DEPTH, Integer.MAX_VALUE, DecodeLimits.MAX_NUMBER_LENGTH);

  /**
   * What stands under a session's ID. Two are the same that are the same version of one session's.
   *
   * @param node who has to see to it: the session's, or the one that has taken it over from there
   */
  record WillRecord(NodeId node, Will will) {

    @Override
    public boolean equals(Object other) {
      return other instanceof WillRecord that
          && node.equals(that.node)
          && will.version() == that.will.version()
          && will.testator().session() == that.will.testator().session();
    }

    @Override
    public int hashCode() {
      return Objects.hash(node, will.version(), will.testator().session());
    }
  }

  @Override
  public WillRecord read(RecordInput in) {
    NodeId node = NODE.read(in);
    Testator testator = testator(new RecordInput(in.block()));
    long version = in.number();
    List<Testament> testaments = new ArrayList<>();
    for (int left = in.count(); left > 0; left--) {
      testaments.add(testament(new RecordInput(in.block())));
    }
    return new WillRecord(node, new Will(testator, version, testaments));
  }

  private static Testator testator(RecordInput in) {
    return new Testator(
        in.number(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.octet() == 1,
        more(in.block()));
  }

  private static Payload more(byte[] json) {
    Payload.Shape shape = json.length == 0 ? Payload.Shape.EMPTY : Payload.Shape.ARGS_KWARGS;
    return Payload.slice(Serializer.JSON, shape, json, 0, json.length);
  }

  private static Testament testament(RecordInput in) {
    Testament.Scope scope = in.octet() == 0 ? Testament.Scope.DETACHED : Testament.Scope.DESTROYED;
    byte[] message = in.block();
    try {
      MessageDecoder decoder = new MessageDecoder(Serializer.CBOR, WIDEST);
      return new Testament(scope, (Publish) decoder.decode(message, 0, message.length));
    } catch (ProtocolViolation e) {
      throw new IllegalArgumentException("a testament in the record: " + e.getMessage(), e);
    }
  }

  @Override
  public void write(WillRecord value, RecordOutput out) {
    Will will = value.will();
    NODE.write(value.node(), out);
    out.block(testator(will.testator())).number(will.version()).number(will.testaments().size());
    will.testaments().forEach(testament -> out.block(testament(testament)));
  }

  private static byte[] testator(Testator testator) {
    Payload more = testator.more();
    return new RecordOutput()
        .number(testator.session())
        .text(testator.realm())
        .text(testator.authid())
        .text(testator.authrole())
        .text(testator.authmethod())
        .text(testator.authprovider())
        .octet(testator.passthru() ? 1 : 0)
        .block(octets(more))
        .toByteArray();
  }

  private static byte[] octets(Payload json) {
    byte[] octets = new byte[json.length()];
    System.arraycopy(json.bytes(), json.offset(), octets, 0, octets.length);
    return octets;
  }

  private static byte[] testament(Testament testament) {
    ByteSink message = new ByteSink();
    try {
      MessageEncoder.encode(testament.publish(), Serializer.CBOR, message);
    } catch (UntranslatableException e) {
      throw new IllegalArgumentException("a testament has to be one for CBOR", e);
    }
    return new RecordOutput()
        .octet(testament.scope() == Testament.Scope.DETACHED ? 0 : 1)
        .block(message.toByteArray())
        .toByteArray();
  }
}
