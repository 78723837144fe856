package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.link.LinkSettings;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All that may fill the heap is together less than the heap (B1). */
class HeapSharesTest {

  private static final int MESSAGE = 1 << 20;

  private static NodeConfig config(int lanes, int nodes) throws Exception {
    String cluster = nodes == 1 ? "" : "cluster: {expect: " + nodes + "}\n";
    return Configurations.parse(
        "test.yaml",
        "listeners: [{port: 1}]\nrealms: [{name: realm1}]\nlanes: " + lanes + "\n" + cluster);
  }

  private static HeapShares shares(int mebibytes, int lanes, int nodes) throws Exception {
    return HeapShares.of(config(lanes, nodes), (long) mebibytes << 20);
  }

  @ParameterizedTest
  @CsvSource({
    "64, 2, 3",
    "96, 8, 3",
    "96, 4, 5",
    "128, 16, 5",
    "360, 64, 7",
    "2048, 64, 64",
    "8192, 64, 64"
  })
  void sumOfAllBoundsIsBelowTheHeap(int mebibytes, int mostLanes, int mostNodes) throws Exception {
    for (int lanes = 1; lanes <= mostLanes; lanes++) {
      for (int nodes = 1; nodes <= mostNodes; nodes++) {
        HeapShares shares = shares(mebibytes, lanes, nodes);
        assertThat(shares.total())
            .as("%d MiB, %d lanes, %d nodes", mebibytes, lanes, nodes)
            .isLessThanOrEqualTo((long) mebibytes << 20)
            .isEqualTo(sum(shares));
        assertThat(shares.fit()).isTrue();
      }
    }
  }

  /** From what each part of a node is told. */
  private static long sum(HeapShares shares) {
    LinkSettings link = shares.link();
    long room = 512 + 256;
    long eachLink =
        2 * (link.windowOctets() + room * link.maxCalls() + link.controlOctets()) + (2 << 20);
    return (24 << 20)
        + shares.kept()
        + shares.behind()
        + shares.lanes() * (shares.mailbox() + link.largestDeliveryOctets())
        + (shares.nodes() - 1) * eachLink
        + shares.sessions()
        + shares.sessionsElsewhere()
        + shares.connections();
  }

  @ParameterizedTest
  @CsvSource({"64, 2, 3", "96, 8, 3", "360, 2, 3", "2048, 8, 5"})
  void largestMessageFitsThroughEverything(int mebibytes, int lanes, int nodes) throws Exception {
    HeapShares shares = shares(mebibytes, lanes, nodes);
    assertThat(shares.link().largestDeliveryOctets()).isGreaterThan(MESSAGE);
    assertThat(shares.link().windowOctets())
        .isGreaterThanOrEqualTo(2L * shares.link().largestDeliveryOctets());
    assertThat(shares.sessions()).isGreaterThan(4 * MESSAGE);
  }

  @Test
  void heapOfTheUsualSizeGivesTheUsualShares() throws Exception {
    HeapShares shares = shares(360, 2, 3);
    assertThat(shares.sessions()).isEqualTo(90 << 20);
    assertThat(shares.connections() / ConnectionRoom.HEAP_EACH).isBetween(7_500L, 10_000L);
    HeapShares alone = shares(360, 2, 1);
    assertThat(alone.sessions()).isEqualTo(90 << 20);
    assertThat(alone.connections()).isEqualTo(180 << 20);
  }

  @Test
  void largeHeapChangesNothing() throws Exception {
    HeapShares shares = shares(4096, 8, 3);
    assertThat(shares.mailbox()).isEqualTo(16 << 20);
    LinkSettings usual = LinkSettings.of(8);
    assertThat(shares.link().windowOctets()).isEqualTo(usual.windowOctets());
    assertThat(shares.link().controlOctets()).isEqualTo(usual.controlOctets());
    assertThat(shares.link().maxCalls()).isEqualTo(usual.maxCalls());
  }

  @Test
  void moreLanesOrNodesThanTheHeapHasRoomForAreTold() throws Exception {
    assertThat(shares(64, 64, 1).fit()).isFalse();
    assertThat(shares(96, 2, 20).fit()).isFalse();
    assertThat(shares(64, 64, 1).sessions()).isPositive();
    assertThat(shares(64, 64, 1).connections()).isPositive();
  }
}
