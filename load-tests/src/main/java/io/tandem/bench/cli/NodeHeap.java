package io.tandem.bench.cli;

import picocli.CommandLine.Option;

/** The heap of each node of a run that fills it. */
final class NodeHeap {

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "2g",
      description = "Largest heap of a node, as -Xmx has it. Default: ${DEFAULT-VALUE}")
  private String heap = "";

  /** What a node's JVM is told. */
  String javaOption() {
    return "-Xmx" + heap;
  }
}
