package io.tandem.client.cli;

import io.tandem.client.ClientSession;
import io.tandem.client.Event;
import io.tandem.client.Subscription;
import io.tandem.protocol.uri.MatchPolicy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Prints events until there were enough, the session ends or the user has seen enough. Events wait
 * for stdout in a queue of {@value #MAX_WAITING}; a reader slower than that ends the command, since
 * a gap in the output would go unnoticed.
 */
@Command(
    name = "subscribe",
    description = {
      "Prints the events of a topic until stopped.",
      "Tells @|bold subscribed TOPIC|@ on stderr once no event will be missed."
    },
    footer = {"", SessionCommand.OUTPUT, SessionCommand.EXIT_CODES},
    mixinStandardHelpOptions = true)
final class SubscribeCommand extends SessionCommand {

  private static final int MAX_WAITING = 10_000;

  @Parameters(index = "0", paramLabel = "TOPIC", description = "The topic or pattern")
  private String topic = "";

  @Option(
      names = "--match",
      defaultValue = "exact",
      description = "exact, prefix or wildcard. Default: ${DEFAULT-VALUE}")
  private MatchPolicy match = MatchPolicy.EXACT;

  @Option(names = "--count", paramLabel = "N", description = "Leave after N events")
  private long count = Long.MAX_VALUE;

  SubscribeCommand(Console console) {
    super(console);
  }

  /** What the main thread has to do next: print an event, or leave with a code. */
  private interface Step {
    /** The exit code, or {@link #GO_ON}. */
    int take();
  }

  private static final int GO_ON = -1;

  @Override
  int run(ClientSession session) throws Exception {
    if (count < 1) {
      throw usage("--count must be 1 or more");
    }
    BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    try (StopSignal signal = new StopSignal()) {
      signal.onStop(() -> steps.add(() -> ExitCode.OK));
      Subscription subscription =
          answer(session.subscribe(topic, match, event -> arrived(steps, event)));
      session.closed().onSuccess(reason -> steps.add(() -> console().ended(reason)));
      console().note("subscribed " + topic);
      int code = GO_ON;
      for (long printed = 0; code == GO_ON && printed < count; printed++) {
        code = steps.take().take();
      }
      if (!session.closed().isComplete()) {
        answer(session.unsubscribe(subscription));
      }
      return code == GO_ON ? ExitCode.OK : code;
    }
  }

  private void arrived(BlockingQueue<Step> steps, Event event) {
    if (steps.size() < MAX_WAITING) {
      steps.add(() -> print(event));
    } else if (steps.size() == MAX_WAITING) {
      steps.add(this::tooSlow);
    }
  }

  private int print(Event event) {
    return console().result(JsonText.document(event.arguments())) ? GO_ON : ExitCode.OK;
  }

  private int tooSlow() {
    console().error("stdout is read too slowly: " + MAX_WAITING + " events are waiting");
    return ExitCode.WAMP_ERROR;
  }
}
