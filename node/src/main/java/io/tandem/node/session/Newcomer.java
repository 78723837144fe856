package io.tandem.node.session;

import io.tandem.node.auth.Principal;
import io.tandem.node.login.Login;
import io.tandem.node.router.ClientFeatures;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Latency;
import io.tandem.node.router.Realm;
import io.tandem.node.router.SendResult;
import io.tandem.node.router.Session;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.uri.WampUri;

/** A client that speaks WAMP, while it is judged: is told CHALLENGE, and WELCOME or ABORT. */
final class Newcomer implements Login.Client {

  /** In octets of memory, of HELLO and of a proof: authentication may keep them for long. */
  private static final int LARGEST_CREDENTIALS = 64 << 10;

  private final Lane lane;
  private final SessionMachine conversation;
  private final Transport transport;
  private final ClientFeatures features;
  private final long begun;

  Newcomer(Lane lane, SessionMachine conversation, Transport transport, ClientFeatures features) {
    this.lane = lane;
    this.conversation = conversation;
    this.transport = transport;
    this.features = features;
    this.begun = lane.scheduler().nanoTime();
  }

  static void check(String what, int octets) throws ProtocolViolation {
    if (octets > LARGEST_CREDENTIALS) {
      throw new ProtocolViolation(what + " takes more than " + LARGEST_CREDENTIALS + " octets");
    }
  }

  @Override
  public void challenged(Challenge challenge) {
    conversation.treat(MessageCode.CHALLENGE, () -> transport.send(challenge));
  }

  @Override
  public void accepted(Realm realm, long id, Principal principal) {
    answered();
    conversation.treat(MessageCode.WELCOME, () -> welcome(realm, id, principal));
  }

  private void welcome(Realm realm, long id, Principal principal) {
    Session session = new Session(id, principal, features, transport, realm.account());
    session.whenExpelled(goodbye -> conversation.leave(goodbye, CloseCause.KILLED));
    boolean told = false;
    try {
      // WELCOME comes before anything else that the session is sent (SES-09).
      SendResult welcome = transport.send(new Welcome(id, WelcomeDetails.of(principal)));
      told = welcome != SendResult.TOO_LONG;
    } finally {
      if (!told) {
        lane.router().sessionIds().release(id);
      }
    }
    if (told) {
      conversation.established(realm, session);
    } else {
      conversation.refuse(
          WampUri.PAYLOAD_SIZE_EXCEEDED, "the client takes no message as long as WELCOME");
    }
  }

  @Override
  public void refused(String reason, String message) {
    answered();
    conversation.treat(MessageCode.ABORT, () -> conversation.refuse(reason, message));
  }

  private void answered() {
    lane.router().metrics().latency(Latency.LOGIN).add(lane.scheduler().nanoTime() - begun);
  }
}
