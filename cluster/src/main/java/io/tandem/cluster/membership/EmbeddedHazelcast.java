package io.tandem.cluster.membership;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import io.tandem.cluster.proof.ClusterKey;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.registry.hazelcast.HazelcastRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's member of the Hazelcast cluster, for one incarnation of the node, with the membership
 * and the registry that live in it. Starting and stopping block for seconds and have threads of
 * their own; everything else may be used from any thread and never blocks.
 *
 * <p>On two processors or fewer {@code java.util.concurrent.ForkJoinPool.common.parallelism} must
 * be set to 2 or more before, or Hazelcast starts a thread for every answer.
 */
public final class EmbeddedHazelcast {

  /**
   * How long an operation on the shared record may take. Longer than a frozen member needs to be
   * evicted and its keys to be taken over: then the operation succeeds late and does not fail.
   */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  /** After the cluster could not give this member a share of the record. */
  private static final Duration SHARE_AGAIN = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedHazelcast.class);

  static {
    // Some of it logs before it has read its configuration.
    System.setProperty("hazelcast.logging.type", "slf4j");
  }

  /** A thread for each task: they are few, and none may wait for another. */
  private static final Executor BLOCKING = task -> daemon(task, "tandem-hazelcast").start();

  private final HazelcastInstance hazelcast;
  private final ExecutorService teller;
  private final HazelcastMembership membership;
  private final HazelcastRegistry registry;
  private final Losses losses;
  private final ClusterKey key;
  private final Acquaintances acquaintances;

  private EmbeddedHazelcast(
      HazelcastInstance hazelcast,
      MembershipSettings settings,
      Losses losses,
      ClusterKey key,
      List<String> met) {
    this.hazelcast = hazelcast;
    this.key = key;
    this.acquaintances = new Acquaintances(hazelcast, met);
    this.losses = losses;
    teller =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, "tandem-membership"),
            new ThreadPoolExecutor.DiscardPolicy());
    membership =
        HazelcastMembership.of(
            hazelcast,
            teller,
            new Membership.Member(settings.node(), settings.host(), settings.port()),
            acquaintances);
    registry =
        new HazelcastRegistry(
            hazelcast, settings.node(), settings.evictAfter().plus(MARGIN), BLOCKING);
  }

  /**
   * Starts a member and lets it join those it finds. Fails when the port is taken, when the cluster
   * refuses the member, and with a {@link DifferingTermsException}; finding nobody is no failure.
   * It keeps nothing of the record before {@link #takeShare}.
   */
  public static CompletionStage<EmbeddedHazelcast> start(MembershipSettings settings) {
    return start(settings, List.of());
  }

  /**
   * The same for a further life of a node, which looks for the others where it has met them too.
   *
   * @param met what {@link #met} said of the life before
   */
  public static CompletionStage<EmbeddedHazelcast> start(
      MembershipSettings settings, List<String> met) {
    Losses losses = new Losses();
    return CompletableFuture.supplyAsync(
        () -> {
          ClusterKey key = settings.key().get();
          HazelcastInstance member = member(settings, met, losses, key);
          return new EmbeddedHazelcast(
              onSameTerms(member, settings.terms()), settings, losses, key, met);
        },
        BLOCKING);
  }

  private static HazelcastInstance member(
      MembershipSettings settings, List<String> met, Losses losses, ClusterKey key) {
    ProvingContext proving = new ProvingContext(Gatekeeper.ofRecord(key, settings.node()));
    try {
      Config config = HazelcastConfiguration.of(settings, met, losses::tell);
      return amongItsOwn(
          HazelcastInstanceFactory.newHazelcastInstance(config, config.getInstanceName(), proving),
          proving);
    } catch (HazelcastException failure) {
      // Hazelcast says that the port is taken in words only.
      checkPort(settings);
      throw failure;
    }
  }

  /** Who found nobody but nodes with another secret is not to begin a cluster beside theirs. */
  private static HazelcastInstance amongItsOwn(
      HazelcastInstance hazelcast, ProvingContext proving) {
    String stranger = proving.stranger();
    if (stranger != null && hazelcast.getCluster().getMembers().size() == 1) {
      hazelcast.getLifecycleService().terminate();
      throw new DifferingTermsException(stranger);
    }
    return hazelcast;
  }

  private static void checkPort(MembershipSettings settings) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(settings.host(), settings.port()));
    } catch (IOException taken) {
      throw new UncheckedIOException(taken);
    }
  }

  /** The members that were there before this one decide. */
  private static HazelcastInstance onSameTerms(
      HazelcastInstance hazelcast, Map<String, String> terms) {
    for (Member older : hazelcast.getCluster().getMembers()) { // the oldest comes first
      if (older.localMember()) {
        break;
      }
      for (Map.Entry<String, String> ours : terms.entrySet()) {
        String theirs = HazelcastConfiguration.term(older, ours.getKey());
        if (theirs != null && !theirs.equals(ours.getValue())) {
          hazelcast.getLifecycleService().shutdown();
          throw new DifferingTermsException(
              ours.getKey(), ours.getValue(), theirs, String.valueOf(older.getAddress()));
        }
      }
    }
    return hazelcast;
  }

  /** The cluster was formed with another value of what all members must have alike. */
  public static final class DifferingTermsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DifferingTermsException(String message) {
      super(message + "; all nodes of a cluster must have the same");
    }

    DifferingTermsException(String key, String ours, String theirs, String member) {
      this("%s is %s here and %s on %s".formatted(key, ours, theirs, member));
    }
  }

  /**
   * Takes a share of the record, with copies of what others keep. A member that some of the others
   * cannot reach must not: they would ask for keys in vain that came to it. Fails when this member
   * ends; other failures pass with the oldest member that was asked.
   */
  public CompletionStage<@Nullable Void> takeShare() {
    return CompletableFuture.runAsync(this::promote, BLOCKING);
  }

  private void promote() {
    String told = "";
    while (hazelcast.getCluster().getLocalMember().isLiteMember()) {
      try {
        hazelcast.getCluster().promoteLocalLiteMember();
      } catch (HazelcastInstanceNotActiveException over) {
        throw over;
      } catch (RuntimeException e) {
        if (!e.toString().equals(told)) { // once, not at each attempt
          told = e.toString();
          LOG.info("the cluster gives this node no share of the record yet: {}", told);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(SHARE_AGAIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Hands over what this member holds for the cluster, and leaves it. Bounded by 30 s. */
  public CompletionStage<@Nullable Void> stop() {
    return CompletableFuture.runAsync(
        () -> end(hazelcast.getLifecycleService()::shutdown), BLOCKING);
  }

  /** Ends at once and without a word, as a crash does: for a member that was evicted. */
  public CompletionStage<@Nullable Void> abandon() {
    return CompletableFuture.runAsync(this::kill, BLOCKING);
  }

  void kill() {
    end(hazelcast.getLifecycleService()::terminate);
  }

  private void end(Runnable way) {
    membership.leave();
    way.run();
    teller.shutdown();
  }

  public Membership membership() {
    return membership;
  }

  /**
   * Where this member has met others, those that are gone and those it was not told of included,
   * each {@code host:port}. Any thread.
   */
  public List<String> met() {
    acquaintances.look();
    return acquaintances.addresses();
  }

  /** What this member proves to others that it has. */
  public ClusterKey key() {
    return key;
  }

  /** What the members share of the registry. */
  public HazelcastRegistry registry() {
    return registry;
  }

  /**
   * Runs the task, on any thread, whenever records may be lost: an owner and its backup have died
   * at once.
   */
  public void onLoss(Runnable task) {
    losses.tasks.add(task);
  }

  /** Knows who wants to hear of lost records, from before the member starts. */
  private static final class Losses {

    final List<Runnable> tasks = new CopyOnWriteArrayList<>();

    void tell() {
      tasks.forEach(Runnable::run);
    }
  }

  /** The instance itself. */
  HazelcastInstance instance() {
    return hazelcast;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
