package io.tandem.node;

import io.tandem.node.credentials.Kdf;
import io.tandem.node.credentials.Sasl;
import io.tandem.node.credentials.ScramRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Makes what the files of a configuration hold. What is to be kept goes to standard output, ready
 * to be redirected into a file; the rest is told beside it.
 */
@Command(
    name = "keygen",
    description = "Makes keys, and records of passwords, for a configuration.",
    synopsisSubcommandLabel = "COMMAND")
final class KeygenCommand {

  private static final int SALT_LENGTH = 16;
  private static final int KEY_LENGTH = 32;

  private final Console console;
  private final InputStream in;
  private final SecureRandom random = new SecureRandom();

  KeygenCommand(Console console, InputStream in) {
    this.console = console;
    this.in = in;
  }

  @Command(
      name = "scram",
      description =
          "Prints the record of a password, for auth.scram: it is kept, not the password.")
  int scram(
      @Option(
              names = "--dialect",
              paramLabel = "NAME",
              defaultValue = "wamp",
              description =
                  "wamp, or autobahn for auth.autobahnScram, with argon2id13 (${DEFAULT-VALUE}).")
          String dialect,
      @Option(
              names = "--kdf",
              paramLabel = "NAME",
              defaultValue = "argon2id13",
              description = "argon2id13 or pbkdf2 (${DEFAULT-VALUE}).")
          String name,
      @Option(
              names = "--iterations",
              paramLabel = "N",
              defaultValue = "0",
              description = "3 for argon2id13 and 600000 for pbkdf2 unless given.")
          int iterations,
      @Option(
              names = "--memory",
              paramLabel = "KIB",
              defaultValue = "0",
              description = "What argon2id13 takes; 65536 unless given.")
          int memory,
      @Parameters(paramLabel = "FILE", arity = "0..1", description = PASSWORD)
          @Nullable Path file) {
    boolean isAutobahns = dialect.equals("autobahn");
    if (!isAutobahns && !dialect.equals("wamp")) {
      return misused("--dialect is wamp or autobahn");
    }
    Kdf named = Kdf.named(name).filter(each -> !each.isAutobahns()).orElse(null);
    if (named == null || (isAutobahns && named != Kdf.ARGON2ID13)) {
      return misused("--kdf is argon2id13 or pbkdf2, which Autobahn's dialect has not");
    }
    Kdf kdf = isAutobahns ? Kdf.ARGON2ID_13 : named;
    boolean isArgon = kdf != Kdf.PBKDF2;
    int turns = iterations != 0 ? iterations : isArgon ? 3 : 600_000;
    int room = memory == 0 && isArgon ? 65_536 : memory;
    if (!kdf.takes(turns, room)) {
      return misused("--iterations or --memory is out of range for " + kdf.wireName());
    }
    String password = password(file);
    // Autobahn takes passwords as they are typed.
    String prepared = password == null || isAutobahns ? password : Sasl.prepare(password);
    if (prepared == null) {
      return console.fail(password == null ? NO_PASSWORD : "SASLprep (RFC 4013) prohibits it");
    }
    byte[] salt = octets(SALT_LENGTH);
    byte[] salted = kdf.stretch(prepared, salt, turns, room, KEY_LENGTH);
    console.print(ScramRecord.of(kdf, turns, room, salt, salted).text());
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "wampcra",
      description = "Prints the key derived from a password, for a salted secret of auth.wampcra.")
  int wampCra(
      @Option(
              names = "--iterations",
              paramLabel = "N",
              defaultValue = "1000",
              description = "${DEFAULT-VALUE} unless given.")
          int iterations,
      @Parameters(paramLabel = "FILE", arity = "0..1", description = PASSWORD)
          @Nullable Path file) {
    if (iterations < 100 || iterations > 10_000_000) {
      return misused("--iterations is a number from 100 to 10000000");
    }
    String password = password(file);
    if (password == null) {
      return console.fail(NO_PASSWORD);
    }
    String salt = Base64.getEncoder().encodeToString(octets(SALT_LENGTH));
    byte[] key =
        Kdf.PBKDF2.stretch(
            password, salt.getBytes(StandardCharsets.UTF_8), iterations, 0, KEY_LENGTH);
    console.print(Base64.getEncoder().encodeToString(key));
    console.error(
        "its salted: {salt: \"%s\", iterations: %d, keyLength: %d}"
            .formatted(salt, iterations, KEY_LENGTH));
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "cryptosign",
      description =
          "Prints a new private key for auth.cryptosign, a client's or the router's, and its public"
              + " key.")
  int cryptosign() throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    byte[] encoded = pair.getPublic().getEncoded();
    console.print(HexFormat.of().formatHex(seed));
    console.error(
        "its public key: "
            + HexFormat.of()
                .formatHex(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "cluster",
      description =
          "Writes a secret, an authority, and a certificate for each node of a cluster, to files"
              + " that only you can read. What is there already stays.")
  int cluster(
      @Parameters(paramLabel = "DIR", description = "Where; it is made if need be.") Path directory,
      @Option(
              names = "--node",
              paramLabel = "NAME",
              defaultValue = "node",
              description = "A node's name; once for each (${DEFAULT-VALUE} unless given).")
          List<String> nodes) {
    for (String node : nodes) {
      if (!ClusterKeygen.isName(node)) {
        return misused("'" + node + "' is no host name");
      }
    }
    ClusterKeygen files = new ClusterKeygen(directory);
    try {
      files.make(nodes);
    } catch (FileAlreadyExistsException there) {
      return console.fail(there.getMessage() + " is there already");
    } catch (IOException failure) {
      return console.fail("cannot write to " + directory + ": " + failure.getMessage());
    }
    for (String node : nodes) {
      console.print(
          "cluster: {node: %s, secret: {file: %s}, tls: {certificate: %s, key: %s, ca: %s}}"
              .formatted(
                  node,
                  files.secret(),
                  files.certificate(node),
                  files.key(node),
                  files.authority()));
    }
    console.error(
        "each node needs its own certificate and key, ca.crt and secret; keep ca.key elsewhere");
    return CommandLine.ExitCode.OK;
  }

  private static final String PASSWORD =
      "A file that holds the password on one line; standard input unless given.";

  private static final String NO_PASSWORD = "there is no password to read, on one line and UTF-8";

  /** What the first and only line holds; null where there is no such line. */
  private @Nullable String password(@Nullable Path file) {
    try {
      java.io.Console terminal = file == null ? System.console() : null;
      String text =
          terminal != null
              ? new String(terminal.readPassword("Password: "))
              : new String(
                  file == null ? in.readAllBytes() : Files.readAllBytes(file),
                  StandardCharsets.UTF_8);
      String line = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
      line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      return line.isEmpty() || line.indexOf('\n') >= 0 ? null : line;
    } catch (IOException unreadable) {
      return null;
    }
  }

  private byte[] octets(int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    return octets;
  }

  private int misused(String sentence) {
    console.error(sentence);
    return CommandLine.ExitCode.USAGE;
  }
}
