package io.tandem.client.cli;

import io.tandem.client.ClientSession;
import io.tandem.client.PublishOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes one event. */
@Command(
    name = "publish",
    description = "Publishes an event.",
    footer = {"", SessionCommand.EXIT_CODES},
    mixinStandardHelpOptions = true)
final class PublishCommand extends SessionCommand {

  @Parameters(index = "0", paramLabel = "TOPIC", description = "The URI to publish to")
  private String topic = "";

  @Mixin private ArgumentWords words = new ArgumentWords();

  @Option(
      names = "--acknowledge",
      description =
          "Wait until the router has accepted the event, and print its publication ID."
              + " Without it a refusal goes unnoticed")
  private boolean acknowledge;

  PublishCommand(Console console) {
    super(console);
  }

  @Override
  int run(ClientSession session) throws Exception {
    if (acknowledge) {
      long publication =
          answer(session.publishAcknowledged(topic, words.toArguments(), PublishOptions.DEFAULT));
      console().result(Long.toString(publication));
    } else {
      answer(session.publish(topic, words.toArguments()));
    }
    return ExitCode.OK;
  }
}
