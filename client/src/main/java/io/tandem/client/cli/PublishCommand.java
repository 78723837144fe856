package io.tandem.client.cli;

import io.tandem.client.ClientSession;
import io.tandem.client.PublishOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Publishes one event. */
@Command(
    name = "publish",
    description = "Publishes an event.",
    footer = {"", SessionCommand.EXIT_CODES},
    mixinStandardHelpOptions = true)
final class PublishCommand extends SessionCommand {

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
          answer(
              session.publishAcknowledged(
                  words.uri(), words.toArguments(), PublishOptions.DEFAULT));
      console().result(Long.toString(publication));
    } else {
      answer(session.publish(words.uri(), words.toArguments()));
    }
    return ExitCode.OK;
  }
}
