package io.tandem.client.cli;

import io.tandem.client.Arguments;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A URI and the arguments that go there, as they are typed: each JSON, or else a string. */
final class ArgumentWords {

  // Here and not in the commands: picocli wants all positional parameters in one place.
  @Parameters(index = "0", paramLabel = "URI", description = "The procedure or topic")
  private String uri = "";

  @Parameters(
      index = "1..*",
      paramLabel = "ARG",
      description =
          "Positional arguments: read as JSON where they are JSON, else taken as strings."
              + " Put -- before one that starts with a dash")
  private List<String> args = List.of();

  @Option(
      names = "--kw",
      paramLabel = "KEY=VALUE",
      description = "A keyword argument; its value is read like an ARG. May be repeated")
  private Map<String, String> kwargs = new LinkedHashMap<>();

  String uri() {
    return uri;
  }

  Arguments toArguments() {
    return JsonText.arguments(args, kwargs);
  }
}
