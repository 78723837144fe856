package io.tandem.cluster.link;

import io.tandem.protocol.wire.MalformedException;
import io.tandem.registry.NodeId;
import org.jspecify.annotations.Nullable;

/** What can be said of frames, and by them, without a link. Any thread. */
public final class Frames {

  /** The format of frames: nodes with different ones do not understand each other. */
  public static final int FORMAT = Frame.VERSION;

  private Frames() {}

  /**
   * The incarnation of the node that sent a frame, to find the link that it is for.
   *
   * @return 0 for what is no frame
   */
  public static long sender(byte[] frame) {
    try {
      return Frame.fromIncarnation(frame);
    } catch (MalformedException e) {
      return 0;
    }
  }

  /**
   * What is said to a life of a node that has left the cluster.
   *
   * @param members the incarnations of those who are in it, as this node knows them
   */
  public static byte[] farewell(NodeId self, long incarnation, long[] members) {
    return Frame.gone(new Frame.Ends(self.incarnation(), incarnation, 0, 0), members);
  }

  /** The members named in a farewell to this life; null for any other frame. */
  public static long @Nullable [] farewelled(NodeId self, byte[] frame) {
    try {
      return Frame.read(frame) instanceof Frame.Gone gone
              && gone.ends().toIncarnation() == self.incarnation()
          ? gone.members()
          : null;
    } catch (MalformedException e) {
      return null;
    }
  }
}
