package io.tandem.node.router;

import io.tandem.protocol.message.Options;
import org.jspecify.annotations.Nullable;

/** Something that takes its time. Belongs to a lane. */
public interface TracedStep {

  /** The dictionary with the context of this span, for those who go on. */
  Options into(Options details);

  /**
   * It is over; to be called once.
   *
   * @param error a URI, or null where it went well
   */
  void end(@Nullable String error);
}
