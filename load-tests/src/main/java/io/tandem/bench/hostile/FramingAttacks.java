package io.tandem.bench.hostile;

import static io.tandem.bench.octets.WebSocketOctets.CLOSE;
import static io.tandem.bench.octets.WebSocketOctets.CONTINUATION;
import static io.tandem.bench.octets.WebSocketOctets.FINAL;
import static io.tandem.bench.octets.WebSocketOctets.PING;
import static io.tandem.bench.octets.WebSocketOctets.PONG;
import static io.tandem.bench.octets.WebSocketOctets.TEXT;
import static io.tandem.bench.octets.WebSocketOctets.frame;
import static io.tandem.bench.octets.WebSocketOctets.longHead;
import static io.tandem.bench.octets.WebSocketOctets.unmasked;

import io.tandem.bench.hostile.Attack.Plot;
import io.tandem.bench.hostile.Raid.Deed;
import io.tandem.bench.octets.WebSocketOctets;
import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.FrameType;
import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.Deflater;

/** Frames of WebSocket and RawSocket that nobody may send, or that never come to an end. */
final class FramingAttacks {

  private static final String BROKEN = "close 1002";
  private static final String TOO_LONG = "close 1009";
  private static final Approach WEB = Approach.webSocket(Serializer.JSON);
  private static final Approach RAW = Approach.rawSocket(Serializer.JSON);
  private static final byte[] NOTHING = {};
  private static final byte[] HELLO =
      "[1,\"realm1\",{\"roles\":{\"caller\":{}}}]".getBytes(StandardCharsets.UTF_8);

  private FramingAttacks() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "pings",
            "pings at full speed on 8 connections",
            Fate.served(),
            raid -> {
              Plots.each(4, RAW.joined(), enemy -> pings(raid, enemy)).begin(raid);
              Plots.each(4, WEB.joined(), enemy -> pings(raid, enemy)).begin(raid);
            }),
        attack(
            "deaf-pings",
            "pings at full speed on 8 connections that read no answer",
            Fate.perhaps(Spoils.END),
            raid -> {
              for (int i = 0; i < 4; i++) {
                raid.beginDeaf(RAW.joined(), enemy -> pings(raid, enemy));
                raid.beginDeaf(WEB.joined(), enemy -> pings(raid, enemy));
              }
            }),
        attack(
            "pongs",
            "pongs that nobody asked for, on 8 connections",
            Fate.served(),
            raid -> {
              byte[] rawPong = Enemy.rawFrame(FrameHead.of(FrameType.PONG, 125), new byte[125]);
              Plots.flood(4, RAW.joined(), rawPong, 500).begin(raid);
              Plots.flood(4, WEB.joined(), frame(FINAL | PONG, new byte[125]), 500).begin(raid);
            }),
        attack(
            "crumbs",
            "messages in fragments of one octet on 4 connections",
            Fate.served(),
            Plots.flood(4, WEB.joined(), crumbs(), 1)),
        attack(
            "empty-fragments",
            "a message of empty fragments that does not end, on 4 connections",
            Fate.served(),
            raid -> {
              for (int i = 0; i < 4; i++) {
                raid.begin(
                    WEB.joined(),
                    enemy -> {
                      enemy.write(frame(TEXT, NOTHING));
                      while (raid.goesOn()) {
                        enemy.repeat(frame(CONTINUATION, NOTHING), 500);
                        raid.spoils().sent(500);
                      }
                    });
              }
            }),
        attack(
            "endless-fragments",
            "a message in fragments of 1 KiB that does not end",
            Fate.told(TOO_LONG),
            Plots.probe(
                WEB,
                enemy -> {
                  enemy.write(frame(TEXT, new byte[1 << 10]));
                  enemy.repeat(frame(CONTINUATION, new byte[1 << 10]), 2 << 10);
                })),
        attack(
            "half-messages",
            "600 connections that each send most of 1 MiB and stop",
            Fate.perhaps("close 1013", "close 1002", Spoils.END),
            raid -> {
              Plots.each(300, RAW.joined(), enemy -> half(raid, enemy)).begin(raid);
              Plots.each(300, WEB.joined(), enemy -> half(raid, enemy)).begin(raid);
            }),
        attack(
            "missing-masks",
            "frames without a mask",
            Fate.told(BROKEN),
            Plots.probe(
                WEB, Plots.octets(unmasked(FINAL | TEXT, HELLO), unmasked(FINAL | PING, HELLO)))),
        attack(
            "reserved-opcodes",
            "frames of kinds that do not exist",
            Fate.told(BROKEN),
            Plots.probe(
                WEB,
                IntStream.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
                    .<Deed>mapToObj(opcode -> enemy -> enemy.write(frame(FINAL | opcode, HELLO)))
                    .toList())),
        attack(
            "reserved-bits",
            "frames with bits that only extensions may set",
            Fate.told(BROKEN),
            Plots.probe(
                WEB,
                IntStream.of(0x10, 0x20, 0x40, 0x70)
                    .<Deed>mapToObj(bit -> enemy -> enemy.write(frame(FINAL | bit | TEXT, HELLO)))
                    .toList())),
        attack(
            "compressed-bombs",
            "8 MiB of blanks in one compressed frame, after permessage-deflate was offered",
            Fate.told(BROKEN),
            Plots.probe(
                Approach.webSocket(
                    Door.CLIENTS,
                    Serializer.JSON,
                    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits,"
                        + " x-webkit-deflate-frame"),
                enemy -> enemy.write(Bomb.FRAME))),
        attack(
            "control-frames",
            "control frames in fragments, or of more than 125 octets",
            Fate.told(BROKEN),
            Plots.probe(
                WEB,
                Plots.octets(
                    frame(PING, HELLO),
                    frame(CLOSE, NOTHING),
                    frame(FINAL | PING, new byte[126]),
                    frame(FINAL | PONG, new byte[1 << 16]),
                    frame(FINAL | CLOSE, new byte[200])))),
        attack(
            "long-lengths",
            "frames that claim up to 2^64 octets, or write their length longer than it is",
            Fate.told(BROKEN, TOO_LONG),
            Plots.probe(
                WEB,
                Plots.octets(
                    longHead(FINAL | TEXT, Long.MAX_VALUE),
                    longHead(FINAL | TEXT, Long.MIN_VALUE),
                    longHead(FINAL | TEXT, -1),
                    longHead(FINAL | TEXT, 1L << 32),
                    longHead(FINAL | TEXT, 3),
                    longHead(FINAL | TEXT, (1 << 20) + 1)))),
        attack(
            "lost-continuations",
            "a continuation without a beginning, a beginning within a message",
            Fate.told(BROKEN),
            Plots.probe(
                WEB,
                List.of(
                    enemy -> enemy.write(frame(FINAL | CONTINUATION, HELLO)),
                    enemy -> enemy.write(frame(CONTINUATION, HELLO)),
                    enemy -> {
                      enemy.write(frame(TEXT, HELLO));
                      enemy.write(frame(FINAL | TEXT, HELLO));
                    }))),
        attack(
            "broken-text",
            "text messages that are no UTF-8",
            Fate.told("close 1007"),
            Plots.probe(
                WEB.joined(),
                Plots.octets(
                    text("ff"),
                    text("c0af"),
                    text("eda080"),
                    text("f4908080"),
                    text("e282"),
                    text("5b31362c312c7b7d2c22c328225d")))),
        attack(
            "wrong-close-codes",
            "closes with codes that nobody may use, or half of one, or no UTF-8",
            Fate.told(BROKEN, "close 1007"),
            Plots.probe(
                WEB,
                List.of(
                    enemy -> enemy.write(WebSocketOctets.close(0)),
                    enemy -> enemy.write(WebSocketOctets.close(999)),
                    enemy -> enemy.write(WebSocketOctets.close(1004)),
                    enemy -> enemy.write(WebSocketOctets.close(1005)),
                    enemy -> enemy.write(WebSocketOctets.close(1006)),
                    enemy -> enemy.write(WebSocketOctets.close(5000)),
                    enemy -> enemy.write(WebSocketOctets.close(65535)),
                    enemy -> enemy.write(frame(FINAL | CLOSE, new byte[] {3})),
                    enemy -> enemy.write(frame(FINAL | CLOSE, hex("03e8ff")))))),
        attack(
            "binary-for-text",
            "JSON in binary messages, MessagePack in text",
            Fate.told("ABORT wamp.error.protocol_violation"),
            raid -> {
              raid.probe(WEB, Plots.octets(frame(FINAL | WebSocketOctets.BINARY, HELLO)));
              raid.probe(
                  Approach.webSocket(Serializer.MSGPACK), Plots.octets(frame(FINAL | TEXT, HELLO)));
            }),
        attack(
            "rawsocket-handshakes",
            "handshakes of RawSocket with reserved octets, wrong serializers, tiny lengths",
            Fate.told(
                "RawSocket error 1",
                "RawSocket error 2",
                "RawSocket error 3",
                "HTTP 400",
                Spoils.END),
            Plots.probe(
                Approach.tcp(Door.CLIENTS),
                Plots.octets(
                    Enemy.handshake(0x7FF10001),
                    Enemy.handshake(0x7FF1FF00),
                    Enemy.handshake(0x7FF00000),
                    Enemy.handshake(0x7FFF0000),
                    Enemy.handshake(0x7FF40000),
                    Enemy.handshake(0x7F010000),
                    "~ HTTP\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))),
        attack(
            "rawsocket-frames",
            "frames of RawSocket of no kind, with reserved bits, or longer than agreed",
            Fate.told(Spoils.END),
            Plots.probe(
                RAW,
                Plots.octets(
                    Enemy.rawFrame(0x03000000, NOTHING),
                    Enemy.rawFrame(0x07000004, HELLO),
                    Enemy.rawFrame(0xF0000004, HELLO),
                    Enemy.rawFrame(0x80000004, HELLO),
                    Enemy.rawFrame(0x08000001, HELLO),
                    Enemy.rawFrame(0x00FFFFFF, HELLO),
                    Enemy.rawFrame(0x08000000, HELLO),
                    Enemy.rawFrame(0x01FFFFFF, HELLO)))));
  }

  private static Attack attack(String name, String words, Fate fate, Plot plot) {
    return new Attack(Group.FRAMING, name, words, fate, plot);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static byte[] text(String digits) {
    return frame(FINAL | TEXT, hex(digits));
  }

  private static void pings(Raid raid, Enemy enemy) throws IOException {
    while (raid.goesOn()) {
      enemy.pings(500, 125);
      raid.spoils().sent(500);
    }
  }

  private static void half(Raid raid, Enemy enemy) throws IOException {
    enemy.begin((1 << 20) - 1);
    raid.spoils().sent(1);
    raid.rest();
  }

  /** A message in parts of one octet each. */
  private static byte[] crumbs() {
    String message = "[16,1,{},\"com.hostile.crumbs\",[\"%s\"]]".formatted("x".repeat(20_000));
    byte[] octets = message.getBytes(StandardCharsets.UTF_8);
    byte[] frames = new byte[octets.length * 7];
    for (int i = 0; i < octets.length; i++) {
      int first = (i == 0 ? TEXT : CONTINUATION) | (i == octets.length - 1 ? FINAL : 0);
      System.arraycopy(frame(first, new byte[] {octets[i]}), 0, frames, i * 7, 7);
    }
    return frames;
  }

  /** Made when it is thrown. */
  private static final class Bomb {

    static final byte[] FRAME = frame(FINAL | 0x40 | TEXT, compressed(new byte[8 << 20]));

    private static byte[] compressed(byte[] blanks) {
      Arrays.fill(blanks, (byte) ' ');
      Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
      deflater.setInput(blanks);
      deflater.finish();
      byte[] compressed = new byte[1 << 16];
      int length = deflater.deflate(compressed);
      deflater.end();
      return Arrays.copyOf(compressed, length);
    }
  }
}
