package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.kept.KeptPublications;
import io.tandem.protocol.id.GlobalIds;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Interest;
import io.tandem.registry.NodeId;
import io.tandem.registry.RealmRegistry;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The publications of this lane's sessions, on their way to the lanes and nodes that want them. */
final class Publications {

  private final LaneContext lane;
  private final LiveSettings settings;
  private final Subscriptions subscriptions;
  private final RealmRegistry registry;
  private final RouterMetrics metrics;
  private final Keeping keeping;
  private final KeptPublications kept;
  private final @Nullable Tracing tracing;

  // Where the publication at hand has to go; filled anew for each.
  private long interestedLanes;
  private final Set<NodeId> interestedNodes = new LinkedHashSet<>();

  Publications(LaneContext lane, LiveSettings settings, Subscriptions subscriptions) {
    this.lane = lane;
    this.settings = settings;
    this.subscriptions = subscriptions;
    this.registry = lane.router().tables().realm(settings.now().name());
    this.metrics = lane.router().metrics();
    this.keeping = lane.router().keeping();
    this.tracing = lane.router().tracing();
    this.kept = Objects.requireNonNull(keeping.realm(settings.now().name()));
  }

  /**
   * @param disclosed whether subscribers are told who it is
   */
  void publish(Session session, Publish message, boolean disclosed) {
    Options options = message.options();
    if (!session.isOfRouter()) { // what the router itself tells is no message of a client
      metrics.publications.increment();
    }
    long since = session.since(lane.scheduler());
    Options details = details(session, message, disclosed);
    TracedStep span = tracing == null ? null : begin(tracing, session, message);
    if (span != null) {
      options = Tracing.without(options);
      details = span.into(details);
    }
    boolean isKept = kept.isToBeKept(message.topic(), options);
    Publication publication =
        new Publication(
            GlobalIds.next(),
            message.topic(),
            session.id(),
            options,
            details,
            message.payload(),
            isKept ? keeping.stamp() : 0);
    if (isKept && !kept.hasRoomFor(publication)) {
      if (span != null) {
        span.end(WampUri.OPTION_NOT_ALLOWED);
      }
      refuse(
          session,
          message,
          WampUri.OPTION_NOT_ALLOWED,
          "it is larger than all that may be retained of its topic");
      return;
    }
    if (options.is(Keys.ACKNOWLEDGE)) {
      // Before the publisher's own EVENTs (PS-08).
      session.send(new Published(message.request(), publication.id()));
    }
    spread(session, publication, since);
    if (span != null) {
      span.end(null);
    }
  }

  private @Nullable TracedStep begin(Tracing tracing, Session publisher, Publish message) {
    return publisher.isOfRouter()
        ? null
        : tracing.received(
            Tracing.Step.PUBLISH,
            settings.now().name(),
            message.topic(),
            publisher.id(),
            message.options());
  }

  private Options details(Session publisher, Publish message, boolean disclosed) {
    Long trust = settings.now().trust().level(publisher.principal().authrole(), message.topic());
    Options details = message.options().payloadKeys().withNullable(Keys.TRUSTLEVEL, trust);
    return disclosed
        ? details
            .with(Keys.PUBLISHER, publisher.id())
            .with(Keys.PUBLISHER_AUTHID, publisher.principal().authid())
            .with(Keys.PUBLISHER_AUTHROLE, publisher.principal().authrole())
        : details;
  }

  /** Hands the publication over once to every lane and node with somebody interested. */
  private void spread(Session publisher, Publication publication, long since) {
    interestedLanes = 0;
    interestedNodes.clear();
    String realm = settings.now().name();
    boolean isKept = publication.stamp() != 0;
    if (isKept) {
      // First: who subscribes from now on finds it, or has interest already.
      keeping.keepOwn(realm, publication);
      lane.router().nodes().forEach(interestedNodes::add);
    }
    registry.interested(publication.topic(), this::collect);
    long lanes = interestedLanes;
    Delivery delivery = new Delivery.Event(realm, publication, since);
    for (NodeId node : interestedNodes) {
      // Lane numbers of another node are its own affair: it spreads the event itself.
      if (!handOver(publisher, delivery, new LaneAddress(node, LaneAddress.ANY)) && isKept) {
        keeping.notices().missed(node);
      }
    }
    long here = 1L << lane.number();
    for (long rest = lanes & ~here; rest != 0; rest &= rest - 1) {
      LaneAddress to = new LaneAddress(lane.address().node(), Long.numberOfTrailingZeros(rest));
      if (!handOver(publisher, delivery, to)) {
        metrics.drops(RouterMetrics.Drop.EVENT_LANE_FULL).increment();
      }
    }
    if ((lanes & here) != 0) {
      deliver(publisher, publication, since);
    }
  }

  /** What the publisher says next waits until it is delivered: it must not overtake it (O1). */
  private void deliver(Session publisher, Publication publication, long since) {
    FanOut rest = subscriptions.deliver(publication);
    if (rest == null) {
      subscriptions.delivered(since);
    } else {
      Runnable goesOn = publisher.spreads();
      lane.slices()
          .add(
              rest,
              () -> {
                subscriptions.delivered(since);
                goesOn.run();
              });
    }
  }

  private void collect(Interest interest) {
    interestedLanes |= interest.lanes();
    if (!interest.nodes().isEmpty()) {
      interestedNodes.addAll(interest.nodes());
    }
  }

  private boolean handOver(Session publisher, Delivery delivery, LaneAddress to) {
    boolean taken = lane.post().send(to, delivery);
    lane.post().holdWhileCrowded(to, publisher.outbox());
    return taken;
  }

  /** Without acknowledge the router never answers a PUBLISH (PS-07). */
  void refuse(Session session, Publish message, String error, String why) {
    if (message.options().is(Keys.ACKNOWLEDGE)) {
      session.refuse(MessageCode.PUBLISH, message.request(), error, why);
    } else {
      metrics.drops(RouterMetrics.Drop.PUBLICATION_REFUSED).increment();
    }
  }
}
