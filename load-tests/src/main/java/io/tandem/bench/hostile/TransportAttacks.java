package io.tandem.bench.hostile;

import static io.tandem.bench.octets.WebSocketOctets.http;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tandem.bench.hostile.Attack.Plot;
import io.tandem.protocol.wire.Serializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Before there is a WebSocket or RawSocket: connections, PROXY headers, requests of HTTP. */
final class TransportAttacks {

  private static final String BAD = "HTTP 400";
  private static final Approach TCP = Approach.tcp(Door.CLIENTS);
  private static final Approach IMPATIENT = Approach.tcp(Door.IMPATIENT);
  private static final Approach PROXIED = Approach.tcp(Door.PROXIED);

  private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  private static final String UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade";
  private static final String VERSION = "Sec-WebSocket-Version: 13";
  private static final String PROTOCOL = "Sec-WebSocket-Protocol: wamp.2.json";

  /** The signature that begins version 2 of the PROXY protocol. */
  private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(ISO_8859_1);

  private TransportAttacks() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "knocking",
            "connections that are refused, as fast as they can be made",
            Fate.told(BAD),
            Plots.probe(
                TCP,
                Plots.octets(
                    "GET /nowhere\u001B[31m HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"
                        .getBytes(ISO_8859_1)))),
        attack(
            "connection-flood",
            "600 connections to a door that takes 200",
            Fate.told("HTTP 503", "RawSocket error 4", Spoils.END),
            raid -> {
              hold(raid, 300, Approach.webSocket(Door.IMPATIENT, Serializer.JSON));
              hold(raid, 300, Approach.rawSocket(Door.IMPATIENT, Serializer.JSON));
            }),
        attack(
            "silent-connections",
            "150 connections at a time that say nothing, or half a handshake",
            Fate.told(Spoils.END),
            again(150, IMPATIENT, new byte[0], new byte[] {0x7F}, "GET /".getBytes(ISO_8859_1))),
        attack(
            "silent-transports",
            "150 transports at a time without a HELLO",
            Fate.told("close 1002", Spoils.END),
            raid -> {
              again(75, Approach.webSocket(Door.IMPATIENT, Serializer.CBOR), new byte[0])
                  .begin(raid);
              again(75, Approach.rawSocket(Door.IMPATIENT, Serializer.CBOR), new byte[0])
                  .begin(raid);
            }),
        attack(
            "slow-headers",
            "150 requests at a time that come octet by octet",
            Fate.told(Spoils.END),
            Plots.each(150, IMPATIENT, TransportAttacks::dribble)),
        attack(
            "long-headers",
            "requests whose headers do not end",
            Fate.told("HTTP 431"),
            Plots.probe(
                TCP,
                Plots.octets(
                    http("GET /ws HTTP/1.1", "Host: x", "X: " + "x".repeat(64 << 10)),
                    http("GET /ws HTTP/1.1", lines(5_000))))),
        attack(
            "many-headers",
            "WebSockets asked for in 200 headers",
            Fate.told("HTTP 431"),
            Plots.probe(
                TCP,
                Plots.octets(
                    http(
                        "GET /ws HTTP/1.1",
                        String.join("\r\n", "Host: x", UPGRADE, VERSION, KEY, PROTOCOL),
                        String.join("\r\n", lines(200)))))),
        attack(
            "long-targets",
            "request lines of 64 KiB",
            Fate.told("HTTP 414"),
            Plots.probe(TCP, Plots.octets(http("GET /" + "x".repeat(64 << 10) + " HTTP/1.1")))),
        attack(
            "wrong-http",
            "other versions of HTTP, and what only looks like one",
            Fate.told(BAD),
            Plots.probe(
                TCP,
                Plots.octets(
                    http("GET /ws HTTP/2.0", "Host: x"),
                    http("PRI * HTTP/2.0", "", "SM", ""),
                    http("GET /ws HTTP/1.0", UPGRADE, VERSION, KEY, PROTOCOL, "Host: x"),
                    http("GET /ws", "Host: x"),
                    http("GET /ws HTTP/11.1", "Host: x"),
                    http("GET http://a@b/ws HTTP/1.1", "Host: x"),
                    http("GET /ws\0 HTTP/1.1", "Host: x"),
                    http("GET /ws HTTP/1.1", "Host : x", "\tfolded"),
                    http("\0\0\0\0", "Host: x")))),
        attack(
            "smuggling",
            "requests of whose end two servers may not think the same",
            Fate.told(BAD, "HTTP 404"),
            Plots.probe(
                TCP,
                Plots.octets(
                    http("GET /ws HTTP/1.1", "Host: x", "Content-Length: 1", "Content-Length: 2"),
                    http("GET /ws HTTP/1.1", "Host: x", "Content-Length: +1"),
                    http(
                        "POST / HTTP/1.1",
                        "Host: x",
                        "Content-Length: 4",
                        "Transfer-Encoding: chunked"),
                    http("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: gzip, chunked"),
                    http("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: xchunked"),
                    http(
                        "POST / HTTP/1.1",
                        "Host: x",
                        "Transfer-Encoding: chunked",
                        "Transfer-Encoding: identity"),
                    http(
                        "GET /ws HTTP/1.1",
                        String.join("\r\n", "Host: x", UPGRADE, VERSION, KEY, PROTOCOL),
                        "Content-Length: 5",
                        "",
                        "GET /ws HTTP/1.1")))),
        attack(
            "two-hosts",
            "requests for no host, or several",
            Fate.told(BAD),
            Plots.probe(
                TCP,
                Plots.octets(
                    http("GET /ws HTTP/1.1"),
                    http("GET /ws HTTP/1.1", "Host: a", "Host: b"),
                    http("GET /ws HTTP/1.1", "Host: a/b@c")))),
        attack(
            "wrong-keys",
            "opening handshakes with a key that is none",
            Fate.told(BAD),
            Plots.probe(
                TCP,
                Plots.octets(
                    opening(VERSION),
                    opening(VERSION, "Sec-WebSocket-Key: short"),
                    opening(VERSION, "Sec-WebSocket-Key: " + "=".repeat(24)),
                    opening(VERSION, "Sec-WebSocket-Key: " + "A".repeat(4_000)),
                    opening(VERSION, KEY, KEY)))),
        attack(
            "wrong-versions",
            "opening handshakes of other versions",
            Fate.told("HTTP 426"),
            Plots.probe(
                TCP,
                Plots.octets(
                    opening(KEY),
                    opening(KEY, "Sec-WebSocket-Version: 8"),
                    opening(KEY, "Sec-WebSocket-Version: 13, 8"),
                    opening(KEY, VERSION, VERSION)))),
        attack(
            "wrong-subprotocols",
            "opening handshakes for other protocols, thousands in one",
            Fate.told(BAD),
            Plots.probe(
                TCP,
                Plots.octets(
                    http("GET /ws HTTP/1.1", "Host: x", UPGRADE, VERSION, KEY),
                    http(
                        "GET /ws HTTP/1.1",
                        String.join("\r\n", "Host: x", UPGRADE, VERSION, KEY),
                        "Sec-WebSocket-Protocol: " + "a,".repeat(3_000))))),
        attack(
            "foreign-pages",
            "pages of other origins",
            Fate.told("HTTP 403"),
            Plots.probe(
                TCP,
                Plots.octets(
                    opening(VERSION, KEY, "Origin: https://evil.example"),
                    opening(VERSION, KEY, "Origin: null"),
                    opening(VERSION, KEY, "Origin: http://localhost.evil.example"),
                    opening(VERSION, KEY, "Origin: http://a", "Origin: http://localhost")))),
        attack(
            "pipelined-pages",
            "300 requests for pages in one go, answers unread",
            Fate.told("HTTP 404"),
            Plots.probe(TCP, enemy -> enemy.repeat(http("GET /nowhere HTTP/1.1", "Host: x"), 300))),
        attack(
            "proxy-from-strangers",
            "PROXY headers where no proxy is believed, or only those elsewhere",
            Fate.told(BAD),
            raid -> {
              raid.probe(TCP, Plots.octets(proxied("10.1.2.3"), version2(0x21, 12, 12)));
              raid.probe(
                  Approach.tcp(Door.DISTRUSTFUL),
                  Plots.octets(proxied("10.1.2.3"), version2(0x21, 12, 12)));
            }),
        attack(
            "broken-proxy-headers",
            "PROXY headers that are cut, too long, or none",
            Fate.told(Spoils.END),
            Plots.probe(
                PROXIED,
                Plots.octets(
                    "PROXY TCP4 1.2.3.4 5.6.7.8 99999 1\r\n".getBytes(ISO_8859_1),
                    "PROXY TCP4 1.2.3.4.5 x 1 1\r\n".getBytes(ISO_8859_1),
                    ("PROXY " + "x".repeat(4_000)).getBytes(ISO_8859_1),
                    "GET /ws HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1),
                    version2(0x21, 0xFFFF, 0xFFFF),
                    version2(0x21, 12, 5),
                    version2(0x3F, 12, 12),
                    version2(0x21, 3, 3)))),
        attack(
            "slow-proxy-headers",
            "100 PROXY headers at a time that stop in the middle",
            Fate.told(Spoils.END),
            again(100, PROXIED, "PROXY TCP4 1.2.3".getBytes(ISO_8859_1))),
        attack(
            "spoofed-addresses",
            "100 connections of one stranger, each of which claims another address",
            Fate.told("HTTP 503", Spoils.END),
            raid -> {
              for (int i = 0; i < 100; i++) {
                String claim = "X-Forwarded-For: 203.0.113." + i;
                raid.begin(
                    prey -> spoofed(prey, claim),
                    enemy -> {
                      raid.spoils().sent(1);
                      raid.rest();
                    });
              }
            }));
  }

  private static Attack attack(String name, String words, Fate fate, Plot plot) {
    return new Attack(Group.TRANSPORT, name, words, fate, plot);
  }

  /** Connections that do nothing more. */
  private static void hold(Raid raid, int count, Approach approach) {
    for (int i = 0; i < count; i++) {
      raid.beginDeaf(
          approach,
          enemy -> {
            raid.spoils().sent(1);
            raid.rest();
          });
    }
  }

  /**
   * So many at a time send these octets and wait for what the node says, and again, each after a
   * while: they are no more than the door takes.
   */
  static Plot again(int count, Approach approach, byte[]... octets) {
    return raid ->
        IntStream.range(0, count)
            .forEach(
                number ->
                    raid.spoils()
                        .thread(
                            "hostile",
                            () -> {
                              while (raid.goesOn()) {
                                raid.once(
                                    approach, enemy -> enemy.write(octets[number % octets.length]));
                                raid.rest(Duration.ofMillis(100));
                              }
                            }));
  }

  private static void dribble(Enemy enemy) throws IOException {
    byte[] request = http("GET /ws HTTP/1.1", lines(100));
    for (byte octet : request) {
      enemy.write(new byte[] {octet});
      try {
        Thread.sleep(20);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static String[] lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> "X-" + i + ": y").toArray(String[]::new);
  }

  private static byte[] opening(String... headers) {
    return http("GET /ws HTTP/1.1", "Host: x", UPGRADE, PROTOCOL, String.join("\r\n", headers));
  }

  private static byte[] proxied(String client) {
    String header = "PROXY TCP4 " + client + " 10.9.9.9 4711 80\r\n";
    return (header + "GET /ws HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(ISO_8859_1);
  }

  /**
   * A header of version 2.
   *
   * @param command with the version in its upper half
   * @param claimed octets that it says will follow
   * @param sent and those that do
   */
  private static byte[] version2(int command, int claimed, int sent) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes(SIGNATURE);
    header.write(command);
    header.write(0x11);
    header.writeBytes(ByteBuffer.allocate(2).putShort((short) claimed).array());
    header.writeBytes(new byte[sent]);
    return header.toByteArray();
  }

  /** From an address that is no proxy's. */
  private static Enemy spoofed(Prey prey, String claim) throws IOException {
    Enemy enemy = Enemy.on(Enemy.socket(prey.host(), prey.port(Door.FORWARDED), "127.0.0.2"));
    return enemy.webSocket(Serializer.JSON, prey.authority(Door.FORWARDED), claim);
  }
}
