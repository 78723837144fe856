package io.tandem.node.meta;

import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.node.local.LocalClient;
import io.tandem.node.local.WampFailure;
import io.tandem.node.router.Lane;
import io.tandem.node.router.LaneProcedure;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The router's own sessions of all lanes and nodes in one realm, as one of them asks them what only
 * they know, or has them do what only they can. Each call is one like any other: it arrives behind
 * what was sent before it, and it ends when the node is lost. Belongs to its lane.
 */
final class Colleagues {

  /** What a node's first lane offers to other nodes: to ask all lanes of its node. */
  private static final String ALL = "all";

  /** How long a lane, and then a node, is waited for, in milliseconds. */
  private static final long LANE_PATIENCE = 5_000;

  private static final long NODE_PATIENCE = 6_000;

  private final Lane lane;
  private final LocalClient client;
  private final int lanes;

  /**
   * @param lanes how many the node has
   */
  Colleagues(Lane lane, LocalClient client, int lanes) {
    this.lane = lane;
    this.client = client;
    this.lanes = lanes;
  }

  /**
   * What has come of it.
   *
   * @param lanes the arguments of each lane's answer, in no order
   * @param missing lanes and nodes that were asked and did not answer, or with an error
   */
  record Answers(List<List<@Nullable Object>> lanes, int missing) {

    /** These; fails where some are missing. */
    Answers whole() {
      if (missing > 0) {
        throw new WampFailure(WampUri.NETWORK_FAILURE, "a part of the cluster does not answer now");
      }
      return this;
    }

    /** Of what each lane has answered first, a number. */
    long sum() {
      return lanes.stream()
          .mapToLong(lane -> ((Number) Objects.requireNonNull(lane.get(0))).longValue())
          .sum();
    }
  }

  /** Begins to pass on what other nodes ask this one. */
  CompletionStage<?> open() {
    return offer(ALL, this::askedOfNode);
  }

  /** This lane answers what {@link #ask} is asked under this name; every lane has to offer it. */
  CompletionStage<?> offer(String name, LocalClient.Procedure procedure) {
    return client.register(LaneProcedure.offer(name), Options.EMPTY, procedure);
  }

  /**
   * Asks every lane of every node that can be reached, this one included. Completes on this lane,
   * never with a failure.
   */
  CompletionStage<Answers> ask(String name, List<?> args) {
    Stream<CompletionStage<Answers>> others =
        lane.router().nodes().reached().stream().map(node -> askNode(node, name, args));
    return gathered(Stream.concat(Stream.of(askLanes(name, args)), others));
  }

  /** The same of one lane of each node, which answers for its node. */
  CompletionStage<Answers> askNodes(String name, List<?> args) {
    Stream<NodeId> nodes =
        Stream.concat(Stream.of(lane.router().self()), lane.router().nodes().reached().stream());
    return gathered(nodes.map(node -> askLane(new LaneAddress(node, 0), name, args)));
  }

  private CompletionStage<Answers> askLanes(String name, List<?> args) {
    NodeId self = lane.router().self();
    return gathered(
        IntStream.range(0, lanes)
            .mapToObj(number -> askLane(new LaneAddress(self, number), name, args)));
  }

  private CompletionStage<Answers> askLane(LaneAddress to, String name, List<?> args) {
    return answered(
        call(to, name, LANE_PATIENCE, args).thenApply(own -> new Answers(List.of(own), 0)));
  }

  private CompletionStage<Answers> askNode(NodeId node, String name, List<?> args) {
    return answered(
        call(new LaneAddress(node, 0), ALL, NODE_PATIENCE, List.of(name, args))
            .thenApply(Colleagues::answersOfNode));
  }

  private CompletionStage<List<@Nullable Object>> call(
      LaneAddress to, String name, long patience, List<?> args) {
    return client
        .call(LaneProcedure.on(to, name), Options.of(Keys.TIMEOUT, patience), Results.list(args))
        .thenApply(Payload::args);
  }

  // ---- one answer of many ----

  private static CompletionStage<Answers> answered(CompletionStage<Answers> answer) {
    return answer.exceptionally(failure -> new Answers(List.of(), 1));
  }

  private static CompletionStage<Answers> gathered(Stream<CompletionStage<Answers>> parts) {
    List<CompletableFuture<Answers>> all = parts.map(CompletionStage::toCompletableFuture).toList();
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> {
              List<List<@Nullable Object>> lanes = new ArrayList<>();
              int missing = 0;
              for (CompletableFuture<Answers> part : all) {
                lanes.addAll(part.join().lanes());
                missing += part.join().missing();
              }
              return new Answers(lanes, missing);
            });
  }

  // ---- between nodes: how many are missing, then the answer of each lane ----

  private CompletionStage<Payload> askedOfNode(Invocation call) {
    List<@Nullable Object> args = call.payload().args();
    if (args.size() < 2
        || !(args.get(0) instanceof String name)
        || !(args.get(1) instanceof List<?> rest)) {
      throw new WampFailure(WampUri.INVALID_ARGUMENT, "expected a name and a list of arguments");
    }
    return askLanes(name, rest)
        .thenApply(
            answers -> {
              List<Object> told = new ArrayList<>();
              told.add(answers.missing());
              told.addAll(answers.lanes());
              return Results.list(told);
            });
  }

  private static Answers answersOfNode(List<@Nullable Object> told) {
    List<List<@Nullable Object>> lanes = new ArrayList<>();
    for (Object each : told.subList(1, told.size())) {
      lanes.add(new ArrayList<>((List<?>) each));
    }
    return new Answers(lanes, ((Number) told.get(0)).intValue());
  }
}
