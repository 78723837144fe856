package io.tandem.bench.cli;

import io.tandem.bench.load.LoadPlan;
import java.io.PrintStream;
import picocli.CommandLine.Command;

/** Calls. */
@Command(
    name = "rpc",
    description =
        "Calls: each connection is a caller with a callee of its own, which answers with what it"
            + " was called with. With several URLs every call goes from one to the next.",
    mixinStandardHelpOptions = true)
final class RpcCommand extends LoadCommand {

  RpcCommand(PrintStream out, PrintStream err, String... command) {
    super(out, err, command);
  }

  @Override
  LoadPlan.Kind kind() {
    return LoadPlan.Kind.RPC;
  }

  @Override
  int fanout() {
    return 1;
  }
}
