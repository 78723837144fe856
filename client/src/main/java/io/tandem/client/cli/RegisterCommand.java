package io.tandem.client.cli;

import io.tandem.client.ClientSession;
import io.tandem.client.RegisterOptions;
import io.tandem.client.RegisterOptions.Invoke;
import io.tandem.client.Registration;
import io.tandem.protocol.uri.MatchPolicy;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Offers a procedure whose work a shell command does. */
@Command(
    name = "register",
    description = {
      "Offers a procedure; each call of it runs a command, until stopped.",
      "Tells @|bold registered PROCEDURE|@ on stderr once it can be called."
    },
    footer = {
      "",
      "The command gets the arguments on stdin, as one JSON document: an array of the positional"
          + " arguments; an object of the keyword arguments when there are no others;"
          + " @|bold {\"args\": [...], \"kwargs\": {...}}|@ when there are both.",
      "What it prints is the result, as JSON where it is JSON, else as a string. If it exits with"
          + " another code than 0, the caller gets wamp.error.runtime_error with what it printed on"
          + " stderr.",
      SessionCommand.EXIT_CODES
    },
    mixinStandardHelpOptions = true)
final class RegisterCommand extends SessionCommand {

  @Parameters(index = "0", paramLabel = "PROCEDURE", description = "The URI or pattern to offer")
  private String procedure = "";

  @Option(
      names = "--exec",
      required = true,
      paramLabel = "COMMAND",
      description = "What to run, by sh -c")
  private String command = "";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Commands that may run at a time, 1 to 256; as many again may wait, further calls get"
              + " wamp.error.unavailable. Default: ${DEFAULT-VALUE}")
  private int concurrency;

  @Option(
      names = "--match",
      defaultValue = "exact",
      description = "exact, prefix or wildcard. Default: ${DEFAULT-VALUE}")
  private MatchPolicy match = MatchPolicy.EXACT;

  @Option(
      names = "--invoke",
      defaultValue = "single",
      description =
          "Who is called when several offer the procedure: single, roundrobin, random, first or"
              + " last. Default: ${DEFAULT-VALUE}")
  private Invoke invoke = Invoke.SINGLE;

  RegisterCommand(Console console) {
    super(console);
  }

  @Override
  int run(ClientSession session) throws Exception {
    if (concurrency < 1 || concurrency > 256) {
      throw usage("--concurrency must be 1 to 256");
    }
    CompletableFuture<IntSupplier> exit = new CompletableFuture<>();
    RegisterOptions options = RegisterOptions.DEFAULT.withMatch(match).withInvoke(invoke);
    try (StopSignal signal = new StopSignal();
        ShellProcedure shell = new ShellProcedure(command, concurrency)) {
      signal.onStop(() -> exit.complete(() -> ExitCode.OK));
      Registration registration = answer(session.register(procedure, options, shell));
      session.closed().onSuccess(reason -> exit.complete(() -> console().ended(reason)));
      console().note("registered " + procedure);
      int code = exit.join().getAsInt();
      if (!session.closed().isComplete()) {
        answer(session.unregister(registration));
      }
      return code;
    }
  }
}
