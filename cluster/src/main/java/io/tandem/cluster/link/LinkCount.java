package io.tandem.cluster.link;

/** What a link counts; the names are metric labels. */
public enum LinkCount {
  /** Frames sent for the first time, the unnumbered ones included. */
  FRAMES_SENT,
  /** Octets of these frames. */
  OCTETS_SENT,
  /** Frames sent again since the other node had not got them. */
  FRAMES_RESENT,
  /** Frames lost before they reached a socket: no connection came about, or no room. */
  WIRE_LOST,
  /** Frames received, those dropped included. */
  FRAMES_RECEIVED,
  /** Dropped: from or for another incarnation. */
  OTHER_INCARNATION,
  /** Dropped: of another epoch, or while the link is not open. */
  OTHER_EPOCH,
  /** Dropped: a frame that had come before. */
  DUPLICATE,
  /** Dropped: an earlier frame of the stream is missing; it comes again after that one. */
  GAP,
  /** Dropped: no frame, or one with an item that cannot be read. Breaks the epoch. */
  MALFORMED,
  /** Ignored: an item of a later release. */
  UNKNOWN_ITEM,
  /** Refused: the link is not open. */
  DOWN,
  /** Refused: larger than the largest delivery. */
  TOO_LARGE,
  /** Refused: of a kind that the other node's release does not know. */
  TOO_NEW,
  /** Refused: a call without credit. */
  CALL_NO_CREDIT,
  /** Refused: a call beyond the number that may be under way. */
  CALL_TOO_MANY,
  /** Refused: an event without credit, or while the link sheds events. */
  EVENT_SHED,
  /** A result that did not fit and became an error. */
  RESULT_REPLACED,
  /** Dropped: an answer to, or a cancel of, a call that is over. */
  CALL_OVER
}
