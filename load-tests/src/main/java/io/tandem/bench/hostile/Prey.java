package io.tandem.bench.hostile;

import java.net.URI;

/**
 * The node that is attacked.
 *
 * @param clients its port for clients
 * @param management its port for management
 */
record Prey(String host, int clients, int management, String realm) {

  static Prey at(String clients, String management, String realm) {
    URI url = URI.create(clients);
    return new Prey(url.getHost(), url.getPort(), URI.create(management).getPort(), realm);
  }
}
