package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;

/** The nodes A, B and C with two lanes each, and clients that ask them what the router knows. */
final class MetaStage implements AutoCloseable {

  final World world;

  private MetaStage(World world) {
    this.world = world;
    world.serveMeta();
  }

  static MetaStage threeNodes() {
    return threeNodes(realm -> {});
  }

  static MetaStage threeNodes(Consumer<TestRealm> settings) {
    return new MetaStage(new World(3, 2, 1, settings));
  }

  /**
   * A client; their sessions are 101, 102 and so on.
   *
   * @param place node and lane, {@code B1}
   */
  TestClient join(String place) {
    TestClient client =
        world.join(world.nodes.get(place.charAt(0) - 'A'), place.charAt(1) - '0', any -> {});
    client.hears();
    return client;
  }

  /** What the procedure answers, without the brackets around the one value; or the error. */
  static String answer(TestClient client, String procedure, String args) {
    client.says("[48," + client.next() + ",{},'" + procedure + "'," + args + "]");
    List<String> heard = client.hears();
    assertThat(heard).hasSize(1);
    return heard
        .get(0)
        .replaceFirst("^\\[50,\\d+,\\{},\\[(.*)]]$", "$1")
        .replaceFirst("^\\[8,48,\\d+,\\{},'([^']*)'.*", "$1");
  }

  /** The events that the client has been told, by the last component of their topics. */
  static List<String> told(TestClient client) {
    return client.hears().stream()
        .map(
            event -> {
              assertThat(event).startsWith("[36,").contains("'topic':'wamp.");
              return event.replaceFirst("^.*'topic':'[a-z.]*\\.(on_[a-z]+)'},(.*)]$", "$1 $2");
            })
        .toList();
  }

  @Override
  public void close() {
    world.close();
  }
}
