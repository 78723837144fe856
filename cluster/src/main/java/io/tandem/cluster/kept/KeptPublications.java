package io.tandem.cluster.kept;

import io.tandem.cluster.delivery.Publication;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.Uris;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.match.UriIndex;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The publications that one realm keeps on one node. What is kept follows from which publications
 * have come, not from when: nodes that have heard the same keep the same, in the order of their
 * stamps (docs/decisions/0036-kept-publications.md).
 *
 * <p>Any thread. Changes take their turns for a moment, and reading waits for nobody.
 */
public final class KeptPublications {

  /** Of restricted publications that a topic retains beside the last one for all (PS-RET-04). */
  static final int RESTRICTED = 8;

  private final InstantSource clock;

  /** Retained events that made room for others; and publications that were not retained. */
  private final LongAdder evicted = new LongAdder();

  private final LongAdder ignored = new LongAdder();

  private volatile Content content;

  public KeptPublications(KeepRules rules, InstantSource clock) {
    this.clock = clock;
    this.content = new Content(rules);
  }

  /** What is kept by some rules. */
  private static final class Content {
    final KeepRules rules;
    final UriIndex<Pool> retained = new UriIndex<>();
    final UriIndex<Pool> history = new UriIndex<>();
    final List<Pool> pools = new ArrayList<>();

    /** What topics retain, the newest first. */
    final ConcurrentSkipListMap<String, Publication[]> topics = new ConcurrentSkipListMap<>();

    Content(KeepRules rules) {
      this.rules = rules;
      rules.retained().forEach(rule -> add(rule, retained));
      rules.history().forEach(rule -> add(rule, history));
    }

    boolean isRetained(Pool pool) {
      return pools.indexOf(pool) < rules.retained().size();
    }

    private void add(KeepRule rule, UriIndex<Pool> index) {
      Pool pool = new Pool(rule);
      index.put(rule.match(), rule.uri(), pool);
      pools.add(pool);
    }
  }

  public KeepRules rules() {
    return content.rules;
  }

  /**
   * Other rules hold from now on, also for what is kept already.
   *
   * @return what is kept no more
   */
  public synchronized List<Publication> rules(KeepRules rules) {
    if (rules.equals(content.rules)) {
      return List.of();
    }
    Map<Position, Publication> known = new TreeMap<>();
    content.pools.forEach(pool -> known.putAll(pool.all()));
    content = new Content(rules);
    known.values().forEach(publication -> add(publication, new ArrayList<>()));
    return notKept(known.values());
  }

  /** Whether a publication to the topic is retained where its publisher asks for that. */
  public boolean mayRetain(String topic) {
    return content.retained.best(topic) != null;
  }

  /** Whether the publication is none to be retained, or not too large for that. */
  public boolean hasRoomFor(Publication publication) {
    Pool pool =
        publication.options().is(Keys.RETAIN) ? content.retained.best(publication.topic()) : null;
    return pool == null || pool.admits(publication);
  }

  /** Whether a publication to the topic with these options is one to be kept. */
  public boolean isToBeKept(String topic, Options options) {
    Content now = content;
    if (options.is(Keys.RETAIN) && now.retained.best(topic) != null) {
      return true;
    }
    if (now.rules.history().isEmpty() || !isForHistory(options)) {
      return false;
    }
    boolean[] found = new boolean[1];
    now.history.match(topic, pool -> found[0] = true);
    return found[0];
  }

  /** Who is listed by session cannot come back for it (PS-HIST-13). */
  private static boolean isForHistory(Options options) {
    return !options.has(Keys.ELIGIBLE) && !options.has(Keys.EXCLUDE);
  }

  private static boolean isRestricted(Publication publication) {
    Options options = publication.options();
    return options.has(Keys.ELIGIBLE)
        || options.has(Keys.ELIGIBLE_AUTHID)
        || options.has(Keys.ELIGIBLE_AUTHROLE)
        || options.has(Keys.EXCLUDE)
        || options.has(Keys.EXCLUDE_AUTHID)
        || options.has(Keys.EXCLUDE_AUTHROLE);
  }

  /**
   * Keeps a publication that has a stamp, as the rules say; one that is kept already stays.
   *
   * @return what is kept no more since there is this one, which may be this one itself; but not
   *     what has come of age
   */
  public synchronized List<Publication> keep(Publication publication) {
    Publication own = publication.apart();
    List<Publication> pushedOut = new ArrayList<>(2);
    add(own, pushedOut);
    if (!contains(Position.of(own))) {
      pushedOut.add(own);
    }
    return notKept(pushedOut);
  }

  /**
   * @param pushedOut takes what goes from one of its places for this one
   */
  private void add(Publication publication, List<Publication> pushedOut) {
    if (publication.options().is(Keys.RETAIN)) {
      Pool pool = content.retained.best(publication.topic());
      if (pool != null && pool.admits(publication)) {
        retain(publication, pool, pushedOut);
      } else {
        ignored.increment();
      }
    }
    if (!isRemoval(publication) && isForHistory(publication.options())) {
      content.history.match(publication.topic(), pool -> remember(publication, pool, pushedOut));
    }
  }

  private void remember(Publication publication, Pool pool, List<Publication> pushedOut) {
    if (pool.admits(publication) && !pool.contains(Position.of(publication))) {
      pool.add(publication);
      pool.expire(clock.millis(), gone -> {});
      pool.evict(pushedOut::add);
    }
  }

  private boolean contains(Position position) {
    for (Pool pool : content.pools) {
      if (pool.contains(position)) {
        return true;
      }
    }
    return false;
  }

  private List<Publication> notKept(Collection<Publication> publications) {
    return publications.stream().filter(each -> !contains(Position.of(each))).toList();
  }

  /** Whether the publication with this stamp and ID is kept. */
  public boolean contains(long stamp, long publication) {
    return contains(new Position(stamp, publication));
  }

  /** Drops what has come of age, which nobody is given any more. */
  public synchronized void expire() {
    long now = clock.millis();
    for (Pool pool : content.pools) {
      pool.expire(now, content.isRetained(pool) ? this::drop : gone -> {});
    }
  }

  /** How long the publication is kept if there is room; null for as long as there is. */
  public @Nullable Duration left(Publication publication) {
    long now = clock.millis();
    long most = 0;
    Position position = Position.of(publication);
    for (Pool pool : content.pools) {
      if (pool.contains(position)) {
        most = Math.max(most, pool.millisLeft(publication, now));
      }
    }
    return most == Long.MAX_VALUE ? null : Duration.ofMillis(most);
  }

  /** All that is kept, each at least once; what comes or goes meanwhile is met or not. */
  public void forEach(Consumer<Publication> visit) {
    content.pools.forEach(pool -> pool.all().values().forEach(visit));
  }

  // ---- retained ----

  /**
   * What says that the topic's retained events of before this stamp are removed. It takes a place
   * as they do, so that a node which comes back with one of them learns of it.
   */
  public static Publication removal(String topic, long stamp) {
    return new Publication(
        0, topic, 0, Options.of(Keys.RETAIN, true), Options.EMPTY, Payload.EMPTY, stamp);
  }

  private static boolean isRemoval(Publication publication) {
    return publication.id() == 0;
  }

  private void retain(Publication publication, Pool pool, List<Publication> pushedOut) {
    Publication[] before = content.topics.getOrDefault(publication.topic(), new Publication[0]);
    List<Publication> after = merge(before, publication);
    for (Publication each : before) {
      if (!after.contains(each)) {
        pool.remove(each);
        pushedOut.add(each);
      }
    }
    if (after.contains(publication) && !pool.contains(Position.of(publication))) {
      pool.add(publication);
    }
    put(publication.topic(), after);
    pool.expire(clock.millis(), this::drop);
    evicted.add(
        pool.evict(
            gone -> {
              drop(gone);
              pushedOut.add(gone);
            }));
  }

  /** What a topic retains, the newest first, when one more has come, whatever its place in time. */
  private static List<Publication> merge(Publication[] known, Publication more) {
    TreeMap<Position, Publication> all = new TreeMap<>();
    for (Publication each : known) {
      all.put(Position.of(each), each);
    }
    all.putIfAbsent(Position.of(more), more);
    List<Publication> merged = new ArrayList<>();
    for (Publication each : all.descendingMap().values()) {
      if (isRestricted(each) && merged.size() == RESTRICTED) {
        continue;
      }
      merged.add(each);
      if (!isRestricted(each)) {
        break;
      }
    }
    return merged;
  }

  private void drop(Publication gone) {
    Publication[] before = content.topics.get(gone.topic());
    if (before != null) {
      put(gone.topic(), Arrays.stream(before).filter(each -> !each.equals(gone)).toList());
    }
  }

  private void put(String topic, List<Publication> publications) {
    if (publications.isEmpty()) {
      content.topics.remove(topic);
    } else {
      content.topics.put(topic, publications.toArray(Publication[]::new));
    }
  }

  /** Whether the topic has a retained event, for whomever. */
  public boolean retains(String topic) {
    Publication[] publications = content.topics.get(topic);
    return publications != null && !isRemoval(publications[0]);
  }

  /**
   * The newest retained event of the topic that this session may have, and would have had when it
   * was published (PS-RET-02); null where there is none.
   */
  public @Nullable Publication retained(
      String topic, long session, String authid, String authrole) {
    Content now = content;
    Pool pool = now.retained.best(topic);
    Publication[] publications = now.topics.get(topic);
    if (publications == null || pool == null) {
      return null;
    }
    for (Publication each : publications) {
      if (isRemoval(each) || pool.isOver(each, clock.millis())) {
        return null;
      } else if (each.audience().includes(session, authid, authrole)) {
        return each.apart();
      }
    }
    return null;
  }

  /** The topics with retained events that a pattern may match; those that come late may be met. */
  public Iterator<String> topics(MatchPolicy match, String pattern) {
    String head = match == MatchPolicy.WILDCARD ? Uris.literalHead(pattern) : pattern;
    Iterator<String> rest = content.topics.tailMap(head).keySet().iterator();
    return new Iterator<>() {
      private @Nullable String next = advance();

      private @Nullable String advance() {
        String topic = rest.hasNext() ? rest.next() : null;
        return topic != null && topic.startsWith(head) ? topic : null;
      }

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public String next() {
        String topic = next;
        if (topic == null) {
          throw new NoSuchElementException();
        }
        next = advance();
        return topic;
      }
    };
  }

  // ---- history ----

  /** What is kept of a subscription, in order; null where it has no history. */
  public @Nullable List<Publication> history(MatchPolicy match, String uri) {
    Pool pool = content.history.get(match, uri);
    long now = clock.millis();
    return pool == null
        ? null
        : pool.all().values().stream().filter(each -> !pool.isOver(each, now)).toList();
  }

  // ---- counts ----

  public int events() {
    return content.pools.stream().mapToInt(Pool::events).sum();
  }

  public long octets() {
    return content.pools.stream().mapToLong(Pool::octets).sum();
  }

  public LongAdder evicted() {
    return evicted;
  }

  public LongAdder ignored() {
    return ignored;
  }
}
