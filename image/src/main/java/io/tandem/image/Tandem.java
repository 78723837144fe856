package io.tandem.image;

/**
 * The words of the launcher in an image that has no shell: a node's go to the node, a client's to
 * the client.
 */
public final class Tandem {

  private Tandem() {}

  /** Runs one command; whoever takes it decides about the exit code. */
  public static void main(String[] args) {
    if (args.length > 0 && io.tandem.client.cli.Main.knows(args[0])) {
      io.tandem.client.cli.Main.main(args);
    } else {
      io.tandem.node.Main.main(args);
    }
  }
}
