package io.tandem.bench.fuzz;

import io.tandem.protocol.wire.Serializer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * One connection's worth of octets.
 *
 * @param number which of those that a seed makes
 * @param isWebSocket what was meant to be opened
 * @param serializer what was meant to be spoken
 * @param resets whether its end is a reset
 */
record Case(
    Target target,
    long number,
    boolean isWebSocket,
    Serializer serializer,
    List<Step> steps,
    boolean resets) {

  /** Octets of a step that are shown. */
  private static final int SHOWN = 200;

  /** In words and hexadecimal digits. */
  List<String> told() {
    return Stream.concat(
            Stream.of(
                "%s %d: %s over %s"
                    .formatted(
                        target,
                        number,
                        serializer.wireName(),
                        isWebSocket ? "WebSocket" : "RawSocket")),
            steps.stream().map(Case::told))
        .toList();
  }

  private static String told(Step step) {
    if (step.reply() != null) {
      return "  what depends on the answer";
    }
    byte[] octets = step.octets();
    int shown = Math.min(SHOWN, octets.length);
    String more = shown < octets.length ? " and " + (octets.length - shown) + " octets more" : "";
    return "  " + HexFormat.of().formatHex(octets, 0, shown) + more;
  }
}
