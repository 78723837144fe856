package io.tandem.node.lanes;

import io.tandem.node.testing.TestNode;
import io.tandem.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.DoublePredicate;

/** What a node says about itself on its management port. */
final class Metrics {

  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpRequest scrape;

  Metrics(TestNode node) {
    this.scrape =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + node.node().managementPort() + "/metrics"))
            .build();
  }

  /**
   * A meter's value now.
   *
   * @param meter its name with its labels, as Prometheus writes them
   */
  double value(String meter) {
    return text()
        .lines()
        .filter(line -> line.startsWith(meter + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(meter.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no meter " + meter));
  }

  /** Waits until the meter's value is as wanted. */
  void await(String meter, DoublePredicate wanted) {
    Patience.until(meter + " is as wanted", () -> wanted.test(value(meter)));
  }

  /**
   * Waits until the node knows of no session, and of nobody else's subscription or registration.
   */
  void awaitNothingLeft() {
    await("tandem_sessions", value -> value == 0);
    await("tandem_subscriptions{realm=\"realm1\"}", value -> value == 0);
    await("tandem_registrations{realm=\"realm1\"}", value -> value == 0);
  }

  /** The whole text. */
  String text() {
    try {
      return http.send(scrape, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
