package io.tandem.bench.fuzz;

import io.tandem.bench.octets.WebSocketOctets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Openings and frames, as they should be or not. */
final class FrameChange {

  private final Chance chance;
  private final OctetChange octets;

  FrameChange(Chance chance, OctetChange octets) {
    this.chance = chance;
    this.octets = octets;
  }

  /** The request that opens a WebSocket, with lines that are gone, repeated, moved or changed. */
  byte[] opening(byte[] request) {
    List<String> lines =
        new ArrayList<>(
            Arrays.asList(new String(request, StandardCharsets.ISO_8859_1).split("\r\n", -1)));
    int at = chance.below(lines.size());
    switch (chance.below(6)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, lines.get(chance.below(lines.size())));
      case 2 -> lines.set(at, lines.get(at) + "x".repeat(chance.length(20_000)));
      case 3 -> lines.set(at, lines.get(at).toUpperCase(Locale.ROOT));
      case 4 -> lines.add(at, "Content-Length: " + chance.number());
      default -> {
        return octets.changed(request);
      }
    }
    return String.join("\r\n", lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A message of WebSocket in one frame, or several, with a mask. */
  List<byte[]> webSocket(byte[] message, boolean isText) {
    List<byte[]> frames = new ArrayList<>();
    int data = isText ? WebSocketOctets.TEXT : WebSocketOctets.BINARY;
    int from = 0;
    do {
      int left = message.length - from;
      int count = chance.oneIn(3) && left > 0 ? chance.below(left) : left;
      int first = from == 0 && frames.isEmpty() ? data : WebSocketOctets.CONTINUATION;
      boolean isLast = count == left;
      frames.add(
          masked(
              first | (isLast ? WebSocketOctets.FINAL : 0),
              Arrays.copyOfRange(message, from, from + count)));
      from += count;
      if (isLast) {
        return frames;
      }
      if (chance.oneIn(4)) {
        frames.add(masked(WebSocketOctets.FINAL | WebSocketOctets.PING, chance.octets(5)));
      }
    } while (true);
  }

  private byte[] masked(int first, byte[] payload) {
    byte[] frame = WebSocketOctets.frame(first, payload);
    byte[] mask = chance.octets(4);
    int begin = frame.length - payload.length;
    System.arraycopy(mask, 0, frame, begin - 4, 4);
    for (int i = 0; i < payload.length; i++) {
      frame[begin + i] ^= mask[i % 4];
    }
    return frame;
  }

  /** A frame that is changed in its head, mostly. */
  byte[] frame(byte[] frame) {
    if (frame.length == 0 || chance.oneIn(3)) {
      return octets.changed(frame);
    }
    byte[] copy = frame.clone();
    int at = chance.below(Math.min(4, copy.length));
    switch (chance.below(4)) {
      case 0 -> copy[at] ^= (byte) (1 << chance.below(8));
      case 1 -> copy[at] = (byte) chance.below(256);
      case 2 -> {
        return WebSocketOctets.frame(chance.below(256), chance.octets(chance.length(200)));
      }
      default -> {
        return ByteBuffer.allocate(10 + frame.length)
            .put((byte) chance.below(256))
            .put((byte) (0x80 | 127))
            .putLong(chance.number() >>> chance.below(64))
            .put(frame)
            .array();
      }
    }
    return copy;
  }
}
