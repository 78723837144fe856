package io.tandem.node.router;

import io.tandem.cluster.Publication;
import io.tandem.protocol.message.Key;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who among the subscribers may receive a publication: black and white lists (PS-BWL-01), and the
 * publisher itself only if it asked for that (PS-EXCL-01). Evaluated on the subscriber's lane.
 */
final class Audience {

  private final Publication publication;
  private final boolean listed;

  private final boolean publisherExcluded;
  private @Nullable Set<Object> eligible;
  private @Nullable Set<Object> eligibleAuthids;
  private @Nullable Set<Object> eligibleAuthroles;
  private @Nullable Set<Object> excluded;
  private @Nullable Set<Object> excludedAuthids;
  private @Nullable Set<Object> excludedAuthroles;

  private Audience(Publication publication) {
    Options options = publication.options();
    this.publication = publication;
    this.publisherExcluded = options.get(Keys.EXCLUDE_ME, true);
    this.eligible = set(options, Keys.ELIGIBLE);
    this.eligibleAuthids = set(options, Keys.ELIGIBLE_AUTHID);
    this.eligibleAuthroles = set(options, Keys.ELIGIBLE_AUTHROLE);
    this.excluded = set(options, Keys.EXCLUDE);
    this.excludedAuthids = set(options, Keys.EXCLUDE_AUTHID);
    this.excludedAuthroles = set(options, Keys.EXCLUDE_AUTHROLE);
    this.listed =
        eligible != null
            || eligibleAuthids != null
            || eligibleAuthroles != null
            || excluded != null
            || excludedAuthids != null
            || excludedAuthroles != null;
  }

  static Audience of(Publication publication) {
    return new Audience(publication);
  }

  boolean includes(Session subscriber) {
    if (publisherExcluded && subscriber.id() == publication.publisher()) {
      return false;
    }
    return !listed || passes(subscriber);
  }

  private boolean passes(Session subscriber) {
    long id = subscriber.id();
    String authid = subscriber.principal().authid();
    String authrole = subscriber.principal().authrole();
    // An empty white list means nobody (PS-BWL-04).
    return (eligible == null || eligible.contains(id))
        && (eligibleAuthids == null || eligibleAuthids.contains(authid))
        && (eligibleAuthroles == null || eligibleAuthroles.contains(authrole))
        && (excluded == null || !excluded.contains(id))
        && (excludedAuthids == null || !excludedAuthids.contains(authid))
        && (excludedAuthroles == null || !excludedAuthroles.contains(authrole));
  }

  private static <T> @Nullable Set<Object> set(Options options, Key<List<T>> key) {
    List<T> list = options.get(key);
    return list == null ? null : Set.copyOf(list);
  }
}
