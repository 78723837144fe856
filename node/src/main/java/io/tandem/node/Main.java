package io.tandem.node;

import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.Security;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/**
 * The node's commands. Exit codes: 0 well, which for a node is a signal and a drain that finished
 * what there was to do; 1 failed, with the reason on a line; 2 used in a wrong way.
 */
@Command(name = "tandem", description = "A WAMP router.")
public final class Main {

  /** Seconds that the JVM remembers the addresses of a name. */
  private static final String NAMES_KEPT = "networkaddress.cache.ttl";

  private final Console console;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print this.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  private Main(Console console) {
    this.console = console;
  }

  /** Runs a command, and ends the process with its exit code. */
  public static void main(String[] args) {
    // With one thread in the common pool, asynchronous callbacks would start a thread each.
    if (Runtime.getRuntime().availableProcessors() <= 2) {
      System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "2");
    }
    // Nodes look for each other by names whose addresses change while they start.
    if (Security.getProperty(NAMES_KEPT) == null) {
      Security.setProperty(NAMES_KEPT, "1");
      Security.setProperty("networkaddress.cache.negative.ttl", "1");
    }
    // What Netty would have the flight recorder note takes seconds to set up on a busy machine, and
    // does so on the event loop that first has a buffer.
    if (System.getProperty("io.netty.jfr.enabled") == null) {
      System.setProperty("io.netty.jfr.enabled", "false");
    }
    // Nothing else decides about the end: a library's thread neither keeps the process nor, by its
    // own end, ends it.
    System.exit(run(System.out, System.err, Signals.ofProcess(), args));
  }

  /**
   * Runs a command; one that starts a node returns when that has ended.
   *
   * @param signals where the node hears of signals
   * @return the exit code
   */
  static int run(PrintStream out, PrintStream err, Signals.Source signals, String... args) {
    Console console = new Console(out, err);
    CommandLine line =
        new CommandLine(new Main(console))
            .addSubcommand(new StartCommand(console, signals))
            .addSubcommand(new ReloadCommand(console))
            .addSubcommand(new KeygenCommand(console, System.in));
    // A file may be named @something.
    line.setExpandAtFiles(false);
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((wrong, given) -> usage(console, wrong));
    return line.execute(args);
  }

  private static int usage(Console console, ParameterException wrong) {
    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
    console.error(wrong.getMessage() + " (see " + command + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  @Command(
      name = "init",
      description = "Writes the built-in configuration, commented, to start your own from.")
  int init(
      @Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              defaultValue = "tandem.yaml",
              description = "A new file; ${DEFAULT-VALUE} unless given.")
          Path file) {
    try {
      Files.writeString(file, Configurations.embeddedText(), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      return console.fail(file + " exists already; name another file or remove it");
    } catch (NoSuchFileException e) {
      return console.fail("there is no directory " + file.getParent() + "; make it first");
    } catch (IOException e) {
      return console.fail("cannot write " + file + ": " + e);
    }
    console.say("wrote " + file + "; start with: ./tandem start --config " + file);
    return CommandLine.ExitCode.OK;
  }

  @Command(name = "check", description = "Checks a configuration and names every problem in it.")
  int check(
      @Parameters(paramLabel = "FILE", description = "The configuration.") Path file,
      @Option(
              names = "--explain",
              arity = "4",
              paramLabel = "REALM ROLE ACTION URI",
              description =
                  "Names what decides whether the role may call, register, publish or subscribe.")
          String @Nullable [] right,
      @Option(
              names = "--match",
              defaultValue = "exact",
              paramLabel = "exact|prefix|wildcard",
              description = "What the URI of --explain is.")
          String match) {
    NodeConfig config;
    try {
      config = Configurations.load(file);
    } catch (ConfigurationException e) {
      return console.fail(e);
    }
    if (right != null) {
      return explain(config, right, match);
    }
    console.warn(config);
    console.say(file + " is fine");
    return CommandLine.ExitCode.OK;
  }

  private int explain(NodeConfig config, String[] right, String match) {
    try {
      console.print(Explanation.of(config, right[0], right[1], right[2], right[3], match));
    } catch (IllegalArgumentException senseless) {
      return console.fail(String.valueOf(senseless.getMessage()));
    }
    return CommandLine.ExitCode.OK;
  }

  @Command(name = "version", description = "Prints the version, and that of Java.")
  int version() {
    String version = Main.class.getPackage().getImplementationVersion();
    console.print(
        "tandem "
            + (version == null ? "(development)" : version)
            + " on Java "
            + Runtime.version());
    return CommandLine.ExitCode.OK;
  }
}
