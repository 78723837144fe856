package io.tandem.bench.logins;

import io.tandem.bench.cluster.LocalCluster;
import io.tandem.bench.hostile.Credentials;
import io.tandem.bench.hostile.Prey;
import io.tandem.client.ClientAuthentication;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A way in. */
public enum Way {
  ANONYMOUS("anonymous") {
    @Override
    Authenticate prove(Credentials joe, Challenge challenge) {
      throw new IllegalStateException("anonymous clients prove nothing");
    }
  },
  TICKET("ticket") {
    @Override
    Authenticate prove(Credentials joe, Challenge challenge) {
      return new Authenticate(joe.secret(), Map.of());
    }
  },
  WAMPCRA("wampcra") {
    @Override
    Authenticate prove(Credentials joe, Challenge challenge) {
      return new Authenticate(joe.signed(text(challenge, "challenge")), Map.of());
    }
  },
  SCRAM("wamp-scram") {
    @Override
    Authenticate prove(Credentials joe, Challenge challenge) {
      String nonce = text(challenge, "nonce");
      long iterations = Long.parseLong(text(challenge, "iterations"));
      return new Authenticate(
          joe.proof(NONCE, nonce, text(challenge, "salt"), iterations), Map.of("nonce", nonce));
    }
  },
  CRYPTOSIGN("cryptosign") {
    @Override
    Authenticate prove(Credentials joe, Challenge challenge) {
      return new Authenticate(joe.signedWithKey(text(challenge, "challenge")), Map.of());
    }
  };

  private static final String NONCE = "fyko+d2lbbFgONRv9qkxdawL";

  private final String method;

  Way(String method) {
    this.method = method;
  }

  abstract Authenticate prove(Credentials joe, Challenge challenge);

  private static String text(Challenge challenge, String key) {
    return String.valueOf(challenge.extra().get(key));
  }

  /** The realm that one comes into by it. */
  String realm() {
    return this == ANONYMOUS ? LocalCluster.REALM : Prey.GUARDED;
  }

  /** How joe comes in. */
  ClientAuthentication of(Credentials joe) {
    return this == ANONYMOUS ? ClientAuthentication.anonymous() : new Proof(joe, this);
  }

  private record Proof(Credentials joe, Way way) implements ClientAuthentication {

    @Override
    public List<String> methods() {
      return List.of(way.method);
    }

    @Override
    public String authid() {
      return Credentials.AUTHID;
    }

    @Override
    public Map<String, @Nullable Object> extra() {
      return way == SCRAM ? Map.of("nonce", NONCE) : Map.of();
    }

    @Override
    public Future<Authenticate> onChallenge(Challenge challenge) {
      return Future.succeededFuture(way.prove(joe, challenge));
    }
  }
}
