package io.tandem.bench.hostile;

import static io.tandem.bench.octets.WebSocketOctets.http;

import io.tandem.bench.hostile.Attack.Plot;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The management port, which nobody but operators should reach. */
final class EdgeAttacks {

  private static final Approach PORT = Approach.tcp(Door.MANAGEMENT);

  private EdgeAttacks() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "management-flood",
            "500 slow connections to the management port, and 50 that ask and do not read",
            Fate.perhaps(Spoils.END, "HTTP 401"),
            raid -> {
              for (int i = 0; i < 500; i++) {
                raid.beginDeaf(
                    PORT,
                    enemy -> {
                      enemy.write(
                          "GET /metrics HTTP/1.1\r\nHost: x".getBytes(StandardCharsets.US_ASCII));
                      raid.rest();
                    });
              }
              byte[] request = http("GET /metrics HTTP/1.1", "Host: x");
              for (int i = 0; i < 50; i++) {
                raid.beginDeaf(
                    PORT,
                    enemy -> {
                      while (raid.goesOn()) {
                        enemy.repeat(request, 50);
                        raid.spoils().sent(50);
                      }
                    });
              }
            }),
        attack(
            "management-tokens",
            "metrics and the cluster's view with tokens that are guessed, or none",
            Fate.told("HTTP 401"),
            Plots.probe(
                PORT,
                Plots.octets(
                    http("GET /metrics HTTP/1.1", "Host: x"),
                    http("GET /cluster HTTP/1.1", "Host: x", "Authorization: Bearer x"),
                    http("GET /metrics HTTP/1.1", "Host: x", "Authorization: Basic eDp4"),
                    http("GET /metrics HTTP/1.1", "Host: x", "Authorization: Bearer"),
                    http(
                        "GET /metrics HTTP/1.1",
                        "Host: x",
                        "Authorization: Bearer " + "x".repeat(4_000))))),
        attack(
            "management-nonsense",
            "requests that are none, of other methods, for what is not there",
            Fate.told("HTTP 400", "HTTP 404", "HTTP 405", "HTTP 414", "HTTP 431", "HTTP 501"),
            Plots.probe(
                PORT,
                Plots.octets(
                    http("GET /metrics HTTP/7.1", "Host: x"),
                    http("DELETE /health/live HTTP/1.1", "Host: x"),
                    http("GET /../../etc/passwd HTTP/1.1", "Host: x"),
                    http("GET /%2e%2e/%zz HTTP/1.1", "Host: x"),
                    http("GET /" + "x".repeat(20_000) + " HTTP/1.1", "Host: x"),
                    http("GET /metrics HTTP/1.1", "Host: x", "X: " + "x".repeat(20_000)),
                    http("\u0001\u0002\u0003", "")))),
        attack(
            "management-bodies",
            "bodies that do not end, to a port that takes none",
            Fate.told("HTTP 404", "HTTP 405", "HTTP 413", "HTTP 400", Spoils.END),
            Plots.probe(
                PORT,
                enemy -> {
                  enemy.write(
                      http("POST /health/live HTTP/1.1", "Host: x", "Content-Length: 1000000000"));
                  enemy.repeat(new byte[1 << 16], 32);
                })),
        attack(
            "probes",
            "health probes, as fast as they are answered",
            Fate.told("HTTP 200"),
            Plots.probe(PORT, Plots.octets(http("GET /health/ready HTTP/1.1", "Host: x")))));
  }

  private static Attack attack(String name, String words, Fate fate, Plot plot) {
    return new Attack(Group.EDGES, name, words, fate, plot);
  }
}
