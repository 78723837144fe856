package io.tandem.client.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The entry point of the shell commands. */
@Command(
    name = "tandem",
    description = "Calls and events from the shell, through any WAMP router.",
    mixinStandardHelpOptions = true)
public final class Main {

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    // Errors are told on stderr in one line each; Vert.x and Netty have nothing to add.
    LogManager.getLogManager().reset();
    System.exit(run(stream(FileDescriptor.out), stream(FileDescriptor.err), args));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** Whether this is one of the commands, for an entry point that has others as well. */
  public static boolean knows(String command) {
    return commands(new Console(System.out, System.err)).getSubcommands().containsKey(command);
  }

  private static CommandLine commands(Console console) {
    return new CommandLine(new Main())
        .addSubcommand(new CallCommand(console))
        .addSubcommand(new PublishCommand(console))
        .addSubcommand(new SubscribeCommand(console))
        .addSubcommand(new RegisterCommand(console))
        .addSubcommand(new SelftestCommand(console));
  }

  /** Runs one command with these streams in the place of stdout and stderr. */
  static int run(PrintStream out, PrintStream err, String... args) {
    Console console = new Console(out, err);
    CommandLine line = commands(console);
    // An argument is data: one that starts with @ names no file.
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((wrong, given) -> usage(console, wrong));
    line.setExecutionExceptionHandler((failure, command, parsed) -> console.failed(failure));
    return line.execute(args);
  }

  private static int usage(Console console, ParameterException wrong) {
    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
    console.error(wrong.getMessage() + " (see " + command + " --help)");
    return ExitCode.USAGE;
  }
}
