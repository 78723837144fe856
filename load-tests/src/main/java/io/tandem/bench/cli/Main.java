package io.tandem.bench.cli;

import io.tandem.bench.BenchException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The entry point of the bench. */
@Command(name = "tandem", description = "Measures WAMP routers.", mixinStandardHelpOptions = true)
public final class Main {

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    // Errors are told on stderr in one line each; Vert.x and Netty have nothing to add.
    LogManager.getLogManager().reset();
    Locale.setDefault(Locale.ROOT);
    System.exit(run(stream(FileDescriptor.out), stream(FileDescriptor.err), args));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** Runs one command with these streams in the place of stdout and stderr. */
  static int run(PrintStream out, PrintStream err, String... args) {
    CommandLine bench =
        new CommandLine(new BenchCommand())
            .addSubcommand(new RpcCommand(out, err, args))
            .addSubcommand(new PubSubCommand(out, err, args))
            .addSubcommand(new DrainCommand(out))
            .addSubcommand(new FaultsCommand(out, err, args))
            .addSubcommand(new StopsCommand(out, err, args))
            .addSubcommand(new HostileCommand(out, err, args))
            .addSubcommand(new FuzzCommand(out, err, args))
            .addSubcommand(new LoginsCommand(out, err, args))
            .addSubcommand(new StartOversCommand(out, err, args))
            .addSubcommand(new SubscriptionsCommand(out, err, args))
            .addSubcommand(new RetainedCommand(out, err, args))
            .addSubcommand(new MetaCommand(out, err, args))
            .addSubcommand(new RelayCommand(out));
    CommandLine line = new CommandLine(new Main()).addSubcommand(bench);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((wrong, given) -> usage(err, wrong));
    line.setExecutionExceptionHandler((failure, command, parsed) -> failed(err, failure));
    return line.execute(args);
  }

  private static int usage(PrintStream err, ParameterException wrong) {
    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
    err.println(oneLine(wrong) + " (see " + command + " --help)");
    return USAGE;
  }

  private static int failed(PrintStream err, Exception failure) {
    err.println(failure instanceof BenchException ? oneLine(failure) : "failed: " + failure);
    return FAILED;
  }

  private static String oneLine(Exception failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\R+", " ").strip();
  }
}
