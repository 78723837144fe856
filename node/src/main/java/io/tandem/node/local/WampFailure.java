package io.tandem.node.local;

import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.util.List;
import java.util.Map;

/** A request, or a call, that ends with ERROR. */
public final class WampFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String error;
  private final transient Payload payload;

  /**
   * @param error a URI
   */
  public WampFailure(String error, Payload payload) {
    super(error + " " + payload.args(), null, false, false);
    this.error = error;
    this.payload = payload;
  }

  /**
   * @param error a URI
   * @param why for the developer of whoever asked
   */
  public WampFailure(String error, String why) {
    this(error, Payload.encode(Serializer.JSON, List.of(why), Map.of()));
  }

  /** The URI. */
  public String error() {
    return error;
  }

  /** What comes with it. */
  public Payload payload() {
    return payload;
  }
}
