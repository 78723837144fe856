package io.tandem.cluster.membership;

import static io.tandem.cluster.membership.Members.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.LifecycleEvent.LifecycleState;
import io.tandem.registry.NodeId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What members hear of each other when they come, go, die, and meet after a partition. */
class MembershipTest {

  private final Members members = new Members();

  @AfterEach
  void end() {
    members.close();
  }

  @Test
  void membersAreToldOfEachOtherAndKnowWhoIsOldest() {
    EmbeddedHazelcast one = members.alone();
    News toOne = new News(one);
    EmbeddedHazelcast two = members.joining(one);
    EmbeddedHazelcast three = members.joining(two);
    News toThree = new News(three);

    awaitThat(() -> toOne.heard.size() == 2 && toThree.heard.size() == 2);
    assertThat(toOne.heard).containsExactly("joined " + node(two), "joined " + node(three));
    assertThat(toThree.heard).containsExactly("joined " + node(one), "joined " + node(two));
    for (EmbeddedHazelcast each : List.of(one, two, three)) {
      awaitThat(() -> each.membership().members().size() == 3);
      assertThat(each.membership().members())
          .containsExactly(
              one.membership().self(), two.membership().self(), three.membership().self());
      assertThat(each.membership().oldest()).isEqualTo(one.membership().self());
    }
  }

  @Test
  void deadMemberAndOneThatStoppedHaveLeftAndTheNextIsOldest() {
    EmbeddedHazelcast one = members.alone();
    EmbeddedHazelcast two = members.joining(one);
    EmbeddedHazelcast three = members.joining(one);
    News toThree = new News(three);
    News toOne = new News(one);

    one.kill();
    awaitThat(() -> toThree.heard.contains("left " + node(one)));
    assertThat(three.membership().oldest()).isEqualTo(two.membership().self());

    Members.await(two.stop());
    awaitThat(() -> toThree.heard.contains("left " + node(two)));
    assertThat(three.membership().members()).containsExactly(three.membership().self());
    assertThat(toOne.heard).as("who left by itself").doesNotContain("merged");
    assertThat(toThree.heard).doesNotContain("merged");
  }

  @Test
  void nodeThatStartsOverIsAnother() {
    EmbeddedHazelcast one = members.alone();
    EmbeddedHazelcast two = members.joining(one);
    News news = new News(one);
    two.kill();
    awaitThat(() -> news.heard.contains("left " + node(two)));

    NodeId second = new NodeId(node(two).name(), node(two).incarnation() + 100);
    members.start(
        Members.settings(
            members.cluster,
            second,
            two.membership().self().port(),
            List.of(Members.address(one)),
            Map.of()));
    awaitThat(() -> news.heard.contains("joined " + second));
    assertThat(news.heard)
        .containsExactly("joined " + node(two), "left " + node(two), "joined " + second);
  }

  /** Two clusters of one name that meet, as the sides of a partition do. */
  @Test
  void losingSideIsToldToStartOverAndItsRecordsAreGone() {
    EmbeddedHazelcast one = members.alone();
    EmbeddedHazelcast two = members.joining(one);
    int port = Members.freePort();
    EmbeddedHazelcast lonely =
        members.start(
            Members.settings(
                members.cluster, Members.freePort(), List.of(Members.HOST + ":" + port)));
    News toLonely = new News(lonely);
    List<LifecycleState> states = new CopyOnWriteArrayList<>();
    lonely
        .instance()
        .getLifecycleService()
        .addLifecycleListener(event -> states.add(event.getState()));
    Members.await(lonely.registry().sessions().claim());
    // Where the lonely one looks, there is somebody now, and that side is the larger one already.
    members.start(Members.settings(members.cluster, port, List.of(Members.address(one))));

    awaitThat(() -> toLonely.heard.contains("merged"));
    assertThat(toLonely.heard).containsExactly("merged");
    assertThat(lonely.met()).contains(Members.address(one));
    awaitThat(() -> states.contains(LifecycleState.MERGED));
    awaitThat(() -> Members.size(two) == 4);
    assertThatThrownBy(() -> Members.await(lonely.registry().sessions().claim()))
        .as("a change by the life that is over")
        .hasRootCauseMessage("this member starts over");
    assertThat(one.instance().getMap("tandem.sessions").size()).isZero();
  }

  /** Who was told of nobody has to find them in its next life. */
  @Test
  void losingSideHasMetThoseWhoFoundIt() {
    int port = Members.freePort();
    EmbeddedHazelcast one =
        members.start(
            Members.settings(
                members.cluster, Members.freePort(), List.of(Members.HOST + ":" + port)));
    members.joining(one);
    EmbeddedHazelcast found = members.start(Members.settings(members.cluster, port, List.of()));
    News toFound = new News(found);

    awaitThat(() -> toFound.heard.contains("merged"));
    assertThat(found.met()).contains(Members.address(one));
  }

  /** The others evicted a life; when Hazelcast brings it back under another UUID, it stays away. */
  @Test
  void lifeThatHasLeftDoesNotReturn() {
    EmbeddedHazelcast one = members.alone();
    EmbeddedHazelcast two = members.joining(one);
    News news = new News(one);
    two.kill();
    awaitThat(() -> news.heard.contains("left " + node(two)));

    members.start(
        Members.settings(
            members.cluster,
            node(two),
            two.membership().self().port(),
            List.of(Members.address(one)),
            Map.of()));
    EmbeddedHazelcast three = members.joining(one);
    awaitThat(() -> news.heard.contains("joined " + node(three)));
    assertThat(news.heard)
        .containsExactly("joined " + node(two), "left " + node(two), "joined " + node(three));
    assertThat(one.membership().members())
        .containsExactly(one.membership().self(), three.membership().self());
  }

  private static NodeId node(EmbeddedHazelcast member) {
    return member.membership().self().node();
  }

  /** What a listener was told, in order. */
  private static final class News implements Membership.Listener {

    final List<String> heard = new CopyOnWriteArrayList<>();

    News(EmbeddedHazelcast member) {
      member.membership().listen(this);
    }

    @Override
    public void joined(Membership.Member member) {
      heard.add("joined " + member.node());
    }

    @Override
    public void left(Membership.Member member) {
      heard.add("left " + member.node());
    }

    @Override
    public void merged() {
      heard.add("merged");
    }
  }
}
