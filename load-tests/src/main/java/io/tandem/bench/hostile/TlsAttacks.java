package io.tandem.bench.hostile;

import io.tandem.bench.BenchException;
import io.tandem.bench.hostile.Attack.Plot;
import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** TLS, which costs a server more than its client. */
final class TlsAttacks {

  private static final SSLContext CREDULOUS = credulous();

  /** The beginning of a ClientHello that claims 512 octets. */
  private static final byte[] HALF_HELLO =
      HexFormat.of().parseHex("1603010200010001fc0303" + "00".repeat(32));

  private TlsAttacks() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "tls-garbage",
            "what is no TLS, where TLS is spoken",
            Fate.told("TLS alert", Spoils.END),
            Plots.probe(Approach.tcp(Door.TLS), enemy -> enemy.write(garbage()))),
        attack(
            "tls-broken-records",
            "records of TLS that are too long, empty, or of no kind",
            Fate.told("TLS alert", Spoils.END),
            Plots.probe(
                Approach.tcp(Door.TLS),
                Plots.octets(
                    HexFormat.of().parseHex("160301ffff" + "00".repeat(64)),
                    HexFormat.of().parseHex("1603010004" + "01ffffff"),
                    HexFormat.of().parseHex("17030300100000000000000000000000000000000000"),
                    HexFormat.of().parseHex("1603010000".repeat(100) + "15030300020228"),
                    "GET /ws HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))),
        attack(
            "tls-half-open",
            "400 handshakes of TLS at a time that stop in the middle",
            Fate.told("TLS alert", Spoils.END),
            TransportAttacks.again(400, Approach.tcp(Door.IMPATIENT_TLS), HALF_HELLO, new byte[0])),
        attack(
            "tls-handshakes",
            "whole handshakes of TLS, one after the other, by 8",
            Fate.served(),
            raid -> {
              for (int i = 0; i < 8; i++) {
                raid.spoils().thread("hostile", () -> shakeHands(raid));
              }
            }),
        attack(
            "tls-renegotiations",
            "4 connections with TLS 1.2 that shake hands again and again",
            Fate.told(Spoils.END),
            again("TLSv1.2")),
        attack(
            "tls-key-updates",
            "4 connections with TLS 1.3 that change keys again and again",
            Fate.perhaps(Spoils.END),
            again("TLSv1.3")));
  }

  private static Attack attack(String name, String words, Fate fate, Plot plot) {
    return new Attack(Group.TRANSPORT, name, words, fate, plot);
  }

  private static byte[] garbage() {
    byte[] octets = new byte[512];
    new Random().nextBytes(octets);
    octets[0] = 'G'; // never a record of TLS, which might wait for its end
    return octets;
  }

  private static void shakeHands(Raid raid) throws IOException {
    while (raid.goesOn()) {
      try (SSLSocket tls = tls(raid.prey(), "TLSv1.3")) {
        tls.startHandshake();
        raid.spoils().sent(1);
      }
    }
  }

  /** Shakes hands on one connection for as long as the node goes along; 4 at a time do. */
  private static Plot again(String version) {
    return raid -> {
      for (int i = 0; i < 4; i++) {
        raid.spoils()
            .thread(
                "hostile",
                () -> {
                  try (SSLSocket tls = tls(raid.prey(), version);
                      Enemy enemy = Enemy.on(tls)) {
                    enemy.webSocket(Serializer.JSON, raid.prey().authority(Door.TLS));
                    enemy.join(raid.prey().realm());
                    while (raid.goesOn()) {
                      tls.startHandshake();
                      // The JDK answers only when there is something to read.
                      enemy.pings(1, 0);
                      enemy.receiveControl();
                      raid.spoils().sent(1);
                    }
                  }
                });
      }
    };
  }

  private static SSLSocket tls(Prey prey, String version) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            CREDULOUS
                .getSocketFactory()
                .createSocket(
                    Enemy.socket(prey.host(), prey.port(Door.TLS)),
                    prey.host(),
                    prey.port(Door.TLS),
                    true);
    tls.setEnabledProtocols(new String[] {version});
    return tls;
  }

  /** Whoever attacks does not mind whom. */
  private static SSLContext credulous() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      return context;
    } catch (GeneralSecurityException missing) {
      throw new BenchException("no TLS: " + missing.getMessage(), missing);
    }
  }

  private static final class Anybody implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
