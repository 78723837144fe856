package io.tandem.bench.hostile;

import io.tandem.bench.BenchException;
import io.tandem.bench.cluster.BenchNode;
import io.tandem.bench.cluster.LocalCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a node that is to be attacked has beside the usual: doors of many kinds, a certificate that
 * is thrown away, a realm whose clients prove who they are. The files go when it is closed.
 */
public final class Keep implements AutoCloseable {

  /** Connections at once at the impatient door. */
  static final int FEW_CONNECTIONS = 200;

  /** Connections of one address behind a proxy. */
  static final int FEW_OF_ONE = 20;

  private static final String HOST = "127.0.0.1";
  private static final String PASSWORD = "thrown away";
  private static final String ALIAS = "node";

  /** All listeners share what the heap has room for: together they ask for less. */
  private static final String MOST = "maxConnections: 4000";

  private static final String SOME = "maxConnections: 500";

  private static final String SHORT =
      "timeouts: {handshake: 500ms, hello: 500ms, authenticate: 500ms, nextHello: 500ms,"
          + " stall: 1s, goodbye: 500ms}";

  private final Path directory;
  private final Credentials joe = new Credentials();
  private final Map<Door, Integer> ports = new EnumMap<>(Door.class);

  private Keep(Path directory) {
    this.directory = directory;
  }

  /** Makes the files, and finds free ports. */
  public static Keep make() {
    try {
      Keep keep = new Keep(Files.createTempDirectory("tandem-keep"));
      keep.certificate();
      keep.secret("secret", keep.joe.secret());
      keep.secret("scram", keep.joe.scramRecord());
      keep.findPorts();
      return keep;
    } catch (IOException | GeneralSecurityException failure) {
      throw new BenchException("cannot prepare a node: " + failure.getMessage(), failure);
    }
  }

  /** All are held until all are found, or two might be the same. */
  private void findPorts() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (Door door : Door.values()) {
        ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(any);
        ports.put(door, any.getLocalPort());
      }
    } finally {
      for (ServerSocket each : held) {
        each.close();
      }
    }
  }

  /** Who is known in the guarded realm. */
  public Credentials joe() {
    return joe;
  }

  /** What goes into the configuration. */
  public LocalCluster.More configuration() {
    String tls =
        "tls: {certificate: %s, key: %s}"
            .formatted(directory.resolve("node.crt"), directory.resolve("node.key"));
    String few = "maxConnections: " + FEW_CONNECTIONS;
    String ofOne = SOME + ", maxConnectionsPerAddress: " + FEW_OF_ONE;
    return new LocalCluster.More(
        "{" + MOST + "}",
        List.of(
            listener(Door.TLS, SOME, tls),
            listener(Door.IMPATIENT, few, SHORT),
            listener(Door.IMPATIENT_TLS, SOME, tls + ", " + SHORT),
            listener(Door.PROXIED, SOME, SHORT + ", proxy: {from: [127.0.0.0/8], protocol: true}"),
            listener(Door.DISTRUSTFUL, SOME, "proxy: {from: [10.0.0.0/8], protocol: true}"),
            listener(Door.FORWARDED, ofOne, "proxy: {from: [127.0.0.1], forwarded: true}")),
        List.of(guarded()));
  }

  private String listener(Door door, String limits, String more) {
    return "{address: %s, port: %d, limits: {%s}, %s}".formatted(HOST, port(door), limits, more);
  }

  private int port(Door door) {
    return ports.getOrDefault(door, 0);
  }

  private String guarded() {
    Path secret = directory.resolve("secret");
    String who = "authid: " + Credentials.AUTHID + ", role: anyone";
    return "{name: %s, roles: *roles, auth: {%s, %s, %s, %s}}"
        .formatted(
            Prey.GUARDED,
            "ticket: {principals: [{%s, ticket: {file: %s}}]}".formatted(who, secret),
            "wampcra: {principals: [{%s, secret: {file: %s}}]}".formatted(who, secret),
            "scram: {principals: [{%s, record: {file: %s}}]}"
                .formatted(who, directory.resolve("scram")),
            "cryptosign: {principals: [{%s, keys: [\"%s\"]}]}".formatted(who, joe.publicKey()));
  }

  /** The node, when it runs with that. */
  public Prey prey(BenchNode node) {
    ports.put(Door.CLIENTS, URI.create(node.url()).getPort());
    ports.put(Door.MANAGEMENT, URI.create(node.management()).getPort());
    return new Prey(HOST, Map.copyOf(ports), LocalCluster.REALM);
  }

  private void secret(String name, String content) throws IOException {
    Path file =
        Files.createFile(
            directory.resolve(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, content);
  }

  private void certificate() throws IOException, GeneralSecurityException {
    Path store = directory.resolve("node.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + HOST,
                "-ext",
                "san=ip:" + HOST,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        throw new BenchException("keytool failed: " + said.strip());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted");
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    Files.writeString(
        directory.resolve("node.crt"), pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
    secret("node.key", pem("PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
  }

  private static String pem(String type, byte[] content) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  @Override
  public void close() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException leftBehind) {
      // In the directory for what is temporary.
    }
  }
}
