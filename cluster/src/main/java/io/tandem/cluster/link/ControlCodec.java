package io.tandem.cluster.link;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Notices as bytes, by the same rules as {@link DeliveryCodec}. A change that only a later release
 * knows may not be skipped, since the tables would differ: the feature level of the cluster keeps
 * it from being sent.
 */
public final class ControlCodec {

  private static final int SNAPSHOT_BEGINS = 1;
  private static final int SNAPSHOT_ENTRY = 2;
  private static final int SNAPSHOT_ENDS = 3;
  private static final int LOGGED = 4;
  private static final int SEEN = 5;
  private static final int DRAINING = 6;
  private static final int LEAVING = 7;
  private static final int REACHES = 8;
  private static final int CONFIGURED = 9;
  private static final int RELOAD = 10;
  private static final int RELOADED = 11;
  private static final int POPULATED = 12;

  private static final int INTEREST_GAINED = 1;
  private static final int INTEREST_LOST = 2;
  private static final int CALLEE_ADDED = 3;
  private static final int CALLEE_REMOVED = 4;

  private static final List<MatchPolicy> MATCHES =
      List.of(MatchPolicy.EXACT, MatchPolicy.PREFIX, MatchPolicy.WILDCARD);
  private static final List<InvocationPolicy> POLICIES =
      List.of(
          InvocationPolicy.SINGLE,
          InvocationPolicy.ROUNDROBIN,
          InvocationPolicy.RANDOM,
          InvocationPolicy.FIRST,
          InvocationPolicy.LAST);

  /** By their place here, from one on, behind a change that adds a callee; zero for none. */
  private static final List<InvocationPolicy> EXTENSIONS =
      List.of(InvocationPolicy.LEAST_BUSY, InvocationPolicy.STICKY);

  /** Those that a node says of itself. */
  private static final List<ReloadOutcome> OUTCOMES =
      List.of(
          ReloadOutcome.CHANGED,
          ReloadOutcome.UNCHANGED,
          ReloadOutcome.NO_FILE,
          ReloadOutcome.REFUSED);

  private final NodeNames nodes;

  /** The codec of {@code self} for what goes to and comes from {@code otherNode}. */
  public ControlCodec(NodeId self, NodeId otherNode) {
    this.nodes = new NodeNames(self, otherNode);
  }

  /** Appends the item. */
  public void write(ByteSink sink, Notice item) {
    FieldWriter out = new FieldWriter(sink);
    if (item instanceof Notice.Logged logged) {
      out.number(LOGGED);
      out.number(logged.sequence());
      write(out, logged.change());
    } else if (item instanceof Notice.Seen seen) {
      out.number(SEEN);
      out.number(seen.sequence());
    } else if (item instanceof Notice.SnapshotEntry part) {
      out.number(SNAPSHOT_ENTRY);
      write(out, part.change());
    } else if (item instanceof Notice.SnapshotBegins begins) {
      out.number(SNAPSHOT_BEGINS);
      out.number(begins.sequence());
    } else if (item instanceof Notice.SnapshotEnds ends) {
      out.number(SNAPSHOT_ENDS);
      out.number(ends.sequence());
    } else if (item instanceof Notice.Draining) {
      out.number(DRAINING);
    } else if (item instanceof Notice.Reaches reaches) {
      out.number(REACHES);
      out.numbers(reaches.otherNodes().stream().mapToLong(Long::longValue).toArray());
    } else if (item instanceof Notice.Leaving) {
      out.number(LEAVING);
    } else if (item instanceof Notice.Configured configured) {
      out.number(CONFIGURED);
      out.text(configured.digest());
    } else if (item instanceof Notice.Reload reload) {
      out.number(RELOAD);
      out.number(reload.number());
    } else if (item instanceof Notice.Reloaded reloaded) {
      out.number(RELOADED);
      out.number(reloaded.number());
      write(out, reloaded.result());
    } else if (item instanceof Notice.Populated populated) {
      out.number(POPULATED);
      out.number(populated.sessions());
      out.flag(populated.waits());
      out.flag(populated.sheds());
    }
  }

  /**
   * Reads one item, or null for a kind that only a later release knows.
   *
   * @throws MalformedException for anything else that is no item
   */
  @Nullable Notice read(byte[] bytes, int offset, int length) throws MalformedException {
    FieldReader in = new FieldReader(bytes, offset, length);
    return switch (in.below(0x80, "a kind")) {
      case SNAPSHOT_BEGINS -> new Notice.SnapshotBegins(in.number());
      case SNAPSHOT_ENTRY -> new Notice.SnapshotEntry(readChange(in));
      case SNAPSHOT_ENDS -> new Notice.SnapshotEnds(in.number());
      case LOGGED -> new Notice.Logged(in.number(), readChange(in));
      case SEEN -> new Notice.Seen(in.number());
      case DRAINING -> new Notice.Draining();
      case LEAVING -> new Notice.Leaving();
      case REACHES ->
          new Notice.Reaches(Arrays.stream(in.numbers()).boxed().collect(Collectors.toSet()));
      case CONFIGURED -> new Notice.Configured(in.text());
      case RELOAD -> new Notice.Reload(in.number());
      case RELOADED -> new Notice.Reloaded(in.number(), readResult(in));
      case POPULATED -> new Notice.Populated(in.number(), in.flag(), in.flag());
      default -> null;
    };
  }

  private static void write(FieldWriter out, ReloadResult result) {
    out.constant(OUTCOMES, result.outcome());
    out.text(result.digest());
    out.number(result.texts().size());
    result.texts().forEach(out::text);
  }

  private static ReloadResult readResult(FieldReader in) throws MalformedException {
    ReloadOutcome outcome = in.constant(OUTCOMES);
    String digest = in.text();
    List<String> texts = new ArrayList<>();
    for (int count = in.count(); count > 0; count--) {
      texts.add(in.text());
    }
    return new ReloadResult(outcome, digest, texts);
  }

  private void write(FieldWriter out, RegistryChange change) {
    if (change instanceof RegistryChange.InterestGained gained) {
      write(out, INTEREST_GAINED, gained.resource());
    } else if (change instanceof RegistryChange.InterestLost lost) {
      write(out, INTEREST_LOST, lost.resource());
    } else if (change instanceof RegistryChange.CalleeAdded added) {
      write(out, CALLEE_ADDED, added.resource());
      out.number(added.registration());
      out.constant(POLICIES, added.policy().specified());
      write(out, added.callee());
      // What earlier releases step over: they place calls by what is specified.
      out.number(EXTENSIONS.indexOf(added.policy()) + 1);
    } else if (change instanceof RegistryChange.CalleeRemoved removed) {
      write(out, CALLEE_REMOVED, removed.resource());
      out.number(removed.registration());
      write(out, removed.callee());
    }
  }

  private static void write(FieldWriter out, int kind, Resource resource) {
    out.number(kind);
    out.text(resource.realm());
    out.constant(MATCHES, resource.match());
    out.text(resource.uri());
  }

  private RegistryChange readChange(FieldReader in) throws MalformedException {
    int kind = in.below(0x80, "a kind of change");
    String realm = in.text();
    MatchPolicy match = in.constant(MATCHES);
    Resource resource = new Resource(realm, match, in.text());
    return switch (kind) {
      case INTEREST_GAINED -> new RegistryChange.InterestGained(resource);
      case INTEREST_LOST -> new RegistryChange.InterestLost(resource);
      case CALLEE_ADDED -> {
        long id = in.number();
        InvocationPolicy specified = in.constant(POLICIES);
        Callee callee = readCallee(in);
        yield new RegistryChange.CalleeAdded(resource, id, policy(in, specified), callee);
      }
      case CALLEE_REMOVED ->
          new RegistryChange.CalleeRemoved(resource, in.number(), readCallee(in));
      default -> throw new MalformedException("unknown change " + kind);
    };
  }

  private static InvocationPolicy policy(FieldReader in, InvocationPolicy specified)
      throws MalformedException {
    long extension = in.atEnd() ? 0 : in.number();
    return extension < 1 || extension > EXTENSIONS.size()
        ? specified
        : EXTENSIONS.get((int) extension - 1);
  }

  private void write(FieldWriter out, Callee callee) {
    nodes.write(out, callee.node());
    out.number(callee.lane());
    out.number(callee.session());
    out.number(callee.ordinal());
    out.flag(callee.discloseCaller());
    out.flag(callee.forwardTimeout());
    out.flag(callee.replaces());
  }

  private Callee readCallee(FieldReader in) throws MalformedException {
    NodeId node = nodes.read(in);
    int lane = in.below(DeliveryCodec.MAX_LANES, "a lane");
    return new Callee(
        node, lane, in.number(), in.number(), in.flag(), in.flag(), !in.atEnd() && in.flag());
  }
}
