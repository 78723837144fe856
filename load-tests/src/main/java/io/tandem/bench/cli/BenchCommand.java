package io.tandem.bench.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The word before the loads. */
@Command(
    name = "bench",
    description = "Puts a load on a WAMP router and measures it, beside a raw relay if wanted.",
    mixinStandardHelpOptions = true)
final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a load is needed: rpc, pubsub, drain, faults, planned-stops, start-overs, hostile, fuzz,"
            + " logins, subscriptions, retained or meta");
  }
}
