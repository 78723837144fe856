package io.tandem.client.cli;

import io.tandem.client.CallOptions;
import io.tandem.client.ClientSession;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Calls a procedure and prints its result. */
@Command(
    name = "call",
    description = "Calls a procedure and prints its result.",
    footer = {"", SessionCommand.OUTPUT, SessionCommand.EXIT_CODES},
    mixinStandardHelpOptions = true)
final class CallCommand extends SessionCommand {

  @Mixin private ArgumentWords words = new ArgumentWords();

  CallCommand(Console console) {
    super(console);
  }

  @Override
  int run(ClientSession session) throws Exception {
    Duration timeout = router().timeout();
    CallOptions options =
        timeout == null ? CallOptions.DEFAULT : CallOptions.DEFAULT.withTimeout(timeout);
    console()
        .result(JsonText.document(await(session.call(words.uri(), words.toArguments(), options))));
    return ExitCode.OK;
  }
}
