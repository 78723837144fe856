package io.tandem.node;

import io.tandem.protocol.wire.OneLine;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has all nodes of a cluster read their configurations again, by asking one of them. */
@Command(
    name = "reload",
    description = "Has all nodes of a cluster read their configurations again.")
final class ReloadCommand implements Callable<Integer> {

  /** Longer than a node takes to answer. */
  private static final Duration LONGEST = Duration.ofSeconds(35);

  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

  @Option(
      names = "--management",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:9080",
      description = "The management door of one of the nodes, ${DEFAULT-VALUE} unless given.")
  private URI management = URI.create("");

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      required = true,
      description = "Holds what the node knows as management.reloadToken.")
  private Path token = Path.of("");

  private final Console console;

  ReloadCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    String secret;
    try {
      secret = Files.readString(token).strip();
    } catch (IOException failure) {
      return console.fail("cannot read " + token + ": " + failure);
    }
    HttpResponse<String> answer;
    try {
      answer = ask(secret);
    } catch (IllegalArgumentException senseless) {
      return console.fail(
          management + " is no URL of a management door, or " + token + " holds no token");
    } catch (ConnectException failure) {
      return console.fail("cannot ask " + management + ": nobody listens there");
    } catch (IOException failure) {
      return console.fail("cannot ask " + management + ": " + failure);
    }
    JsonObject said;
    try {
      said = new JsonObject(answer.body());
    } catch (DecodeException | ClassCastException noJson) {
      said = new JsonObject();
    }
    JsonArray nodes = said.getJsonArray("nodes");
    if (nodes == null) {
      String why = said.getString("detail", said.getString("title", "no answer of a node"));
      return console.fail(
          OneLine.of("refused by " + management + ": " + why) + " (" + answer.statusCode() + ")");
    }
    print(nodes);
    if (answer.statusCode() == 200) {
      return CommandLine.ExitCode.OK;
    }
    return console.fail(
        answer.statusCode() == 504
            ? "not all nodes have answered"
            : "the nodes do not go by the same configuration");
  }

  private HttpResponse<String> ask(String secret) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(management.resolve("/reload"))
            .header("Authorization", "Bearer " + secret)
            .timeout(LONGEST)
            .POST(BodyPublishers.noBody())
            .build();
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(LONGEST_CONNECT)
        .build()
        .send(request, BodyHandlers.ofString());
  }

  private void print(JsonArray nodes) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"NODE", "OUTCOME", "CONFIGURATION"});
    for (int i = 0; i < nodes.size(); i++) {
      JsonObject node = nodes.getJsonObject(i);
      rows.add(
          new String[] {
            OneLine.of(node.getString("node", "")),
            OneLine.of(node.getString("outcome", "")),
            OneLine.of(node.getString("configuration", "-"))
          });
    }
    int first = width(rows, 0);
    int second = width(rows, 1);
    for (int i = 0; i < rows.size(); i++) {
      String[] row = rows.get(i);
      console.print(("%-" + first + "s  %-" + second + "s  %s").formatted((Object[]) row));
      if (i > 0) {
        JsonObject node = nodes.getJsonObject(i - 1);
        texts(node, "changes");
        texts(node, "problems");
      }
    }
  }

  private void texts(JsonObject node, String key) {
    node.getJsonArray(key, new JsonArray())
        .forEach(text -> console.print("    " + OneLine.of(String.valueOf(text))));
  }

  private static int width(List<String[]> rows, int column) {
    return rows.stream().mapToInt(row -> row[column].length()).max().orElse(1);
  }
}
