package io.tandem.node.router;

import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.kept.KeptPublications;
import io.tandem.node.auth.Principal;
import io.tandem.protocol.uri.Uris;
import io.tandem.registry.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives subscribers that ask for it what their topics retain, right behind SUBSCRIBED. A pattern
 * may match many: so many in a turn, while its client is held. What is published meanwhile goes its
 * own way, and the topics that had an event so have their retained one no more. Belongs to its
 * lane.
 */
final class RetainedEvents {

  private static final int LOOKED_AT_PER_TURN = 256;
  private static final int SENT_PER_TURN = 64;

  /** For a client that does not read what it has asked for. */
  private static final Duration LONGEST_GIVING = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(50);

  /** Topics that have events meanwhile; beyond it the rest is not given. */
  private static final int MOST_OVERTAKEN = 10_000;

  /** An event that was retained so long ago has reached its subscribers. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(30);

  /** How long one that may not have is known. */
  private static final Duration REMEMBERED = Duration.ofSeconds(2);

  private final LaneContext lane;
  private final String realm;
  private final Events events;
  private final Map<Receiver, List<Giving>> givings = new HashMap<>();

  private record Receiver(Session session, LocalSubscription subscription) {}

  RetainedEvents(LaneContext lane, String realm, Events events) {
    this.lane = lane;
    this.realm = realm;
    this.events = events;
  }

  /** Gives the subscriber what is retained; SUBSCRIBED is in its outbox already (PS-RET-06). */
  void give(Session session, LocalSubscription subscription) {
    KeptPublications kept = lane.router().keeping().realm(realm);
    if (kept == null) {
      return;
    }
    Giving giving = new Giving(new Receiver(session, subscription), kept);
    if (subscription.isPattern()) {
      givings.computeIfAbsent(giving.receiver, none -> new ArrayList<>()).add(giving);
      giving.begin();
    } else {
      giving.give(subscription.resource.uri());
      if (!giving.given.isEmpty()) {
        givings.computeIfAbsent(giving.receiver, none -> new ArrayList<>()).add(giving);
        giving.end();
      }
    }
  }

  /**
   * Whether the subscriber need not be told of the publication, since it was given to it as the
   * retained one. If it is told it has heard of the topic.
   */
  boolean haveGiven(Publication publication, Session session, LocalSubscription subscription) {
    if (givings.isEmpty()) {
      return false;
    }
    List<Giving> own = givings.get(new Receiver(session, subscription));
    if (own == null) {
      return false;
    }
    for (Giving giving : own) {
      if (giving.given.contains(publication.id())) {
        return true;
      }
    }
    own.forEach(giving -> giving.overtakes(publication.topic()));
    return false;
  }

  /** What one SUBSCRIBE gets. */
  private final class Giving {
    final Receiver receiver;
    final KeptPublications kept;

    /** Given, and perhaps on their way as well. */
    final Set<Long> given = new HashSet<>();

    private final Set<String> overtaken = new HashSet<>();
    private final long recent = lane.router().keeping().ago(ON_ITS_WAY);
    private Iterator<String> topics = List.<String>of().iterator();
    private int left;
    private long begun;

    Giving(Receiver receiver, KeptPublications kept) {
      this.receiver = receiver;
      this.kept = kept;
    }

    void begin() {
      Resource resource = receiver.subscription().resource;
      topics = kept.topics(resource.match(), resource.uri());
      left = kept.rules().mostRetained();
      begun = lane.scheduler().nanoTime();
      receiver.session().outbox().hold();
      turn();
    }

    void overtakes(String topic) {
      if (topics.hasNext()) {
        overtaken.add(topic);
      }
    }

    private void turn() {
      int looked = 0;
      int sent = 0;
      while (goesOn() && looked < LOOKED_AT_PER_TURN && sent < SENT_PER_TURN && !isCrowded()) {
        looked++;
        String topic = topics.next();
        if (matches(topic) && !overtaken.contains(topic) && give(topic)) {
          sent++;
          left--;
        }
      }
      if (!goesOn()) {
        topics = List.<String>of().iterator();
        receiver.session().outbox().release();
        end();
      } else if (isCrowded()) {
        lane.scheduler().schedule(PAUSE, this::turn);
      } else {
        lane.scheduler().nextTurn(this::turn);
      }
    }

    private boolean goesOn() {
      return topics.hasNext()
          && left > 0
          && !receiver.session().ended()
          && receiver.subscription().subscribers().contains(receiver.session())
          && overtaken.size() <= MOST_OVERTAKEN
          && lane.scheduler().nanoTime() - begun < LONGEST_GIVING.toNanos();
    }

    private boolean isCrowded() {
      return receiver.session().outbox().isCrowded();
    }

    private boolean matches(String topic) {
      Resource resource = receiver.subscription().resource;
      return Uris.matches(resource.match(), resource.uri(), topic);
    }

    /** Whether there was something to be given. */
    boolean give(String topic) {
      Session session = receiver.session();
      Principal who = session.principal();
      Publication publication = kept.retained(topic, session.id(), who.authid(), who.authrole());
      if (publication == null) {
        return false;
      }
      if (publication.stamp() > recent) {
        given.add(publication.id());
      }
      events.giveRetained(publication, session, receiver.subscription());
      return true;
    }

    /** Nothing more is given; what was is known until it can no more come on its own way. */
    void end() {
      if (given.isEmpty()) {
        forget();
      } else {
        lane.scheduler().schedule(REMEMBERED, () -> lane.mailbox().afterwards(this::forget));
      }
    }

    private void forget() {
      givings.computeIfPresent(
          receiver,
          (same, own) -> {
            own.remove(this);
            return own.isEmpty() ? null : own;
          });
    }
  }
}
