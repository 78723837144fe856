package io.tandem.cluster.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.link.Notice;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is known of how many sessions the other nodes have, and when it is not. */
class NodeSessionsTest {

  private static final Notice.Populated SOME = new Notice.Populated(7, true, false);

  private long now;

  private final Scheduler clock =
      new Scheduler() {
        @Override
        public long nanoTime() {
          return now;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
          throw new UnsupportedOperationException();
        }
      };

  private final Other b = new Other(new NodeId("B", 2));
  private final Other c = new Other(new NodeId("C", 3));
  private final List<Other> others = new ArrayList<>(List.of(b, c));
  private boolean knowsAll = true;
  private final NodeSessions sessions = new NodeSessions(clock, others, () -> knowsAll);

  private static final class Other implements NodeSessions.Subject {
    private final NodeId node;
    private boolean settled = true;
    private final List<Notice> told = new ArrayList<>();

    Other(NodeId node) {
      this.node = node;
    }

    @Override
    public NodeId node() {
      return node;
    }

    @Override
    public boolean isSettled() {
      return settled;
    }

    @Override
    public void tellAbout(Notice notice) {
      told.add(notice);
    }
  }

  @Test
  void itIsKnownWhenEachHasSaidIt() {
    sessions.told(b, SOME);
    assertThat(sessions.others()).as("C has not").isNull();
    sessions.told(c, new Notice.Populated(9, false, true));
    assertThat(sessions.others())
        .containsExactly(
            new NodeSessions.Other(b.node, 7, true, false),
            new NodeSessions.Other(c.node, 9, false, true));
  }

  @Test
  void itIsNotKnownWhileAMemberIsNotSettledOrHasNoLink() {
    others.forEach(each -> sessions.told(each, SOME));
    c.settled = false;
    assertThat(sessions.others()).isNull();
    c.settled = true;
    knowsAll = false;
    assertThat(sessions.others()).isNull();
    knowsAll = true;
    assertThat(sessions.others()).hasSize(2);
  }

  @Test
  void whatWasSaidGetsOld() {
    sessions.told(b, SOME);
    now = Duration.ofSeconds(1).toNanos();
    sessions.told(c, SOME);
    now = NodeSessions.STALE.toNanos();
    assertThat(sessions.others()).hasSize(2);
    now++;
    assertThat(sessions.others()).isNull();
  }

  @Test
  void aLifeThatIsGoneIsForgotten() {
    others.forEach(each -> sessions.told(each, SOME));
    others.remove(c);
    sessions.tell();
    others.add(c);
    assertThat(sessions.others()).isNull();
  }

  @Test
  void othersAreToldWhileThisNodeServes() {
    sessions.tell();
    assertThat(b.told).isEmpty();
    sessions.count(3, false, true);
    sessions.tell();
    sessions.tell();
    sessions.end();
    sessions.tell();
    Notice said = new Notice.Populated(3, false, true);
    assertThat(b.told).containsExactly(said, said);
    assertThat(c.told).containsExactly(said, said);
  }
}
