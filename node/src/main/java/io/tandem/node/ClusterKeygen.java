package io.tandem.node;

import io.tandem.cluster.proof.ClusterAuthority;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * What the nodes of a cluster prove to each other, as files that their owner alone may read: a
 * secret, an authority, and a certificate for each node. Made once; nothing is written over.
 */
record ClusterKeygen(Path directory) {

  private static final Duration LIFE = Duration.ofDays(825);
  private static final int SECRET_OCTETS = 32;

  Path secret() {
    return directory.resolve("secret");
  }

  Path authority() {
    return directory.resolve("ca.crt");
  }

  private Path authorityKey() {
    return directory.resolve("ca.key");
  }

  Path certificate(String node) {
    return directory.resolve(node + ".crt");
  }

  Path key(String node) {
    return directory.resolve(node + ".key");
  }

  /** Whether a file can be called after the node, and a certificate too. */
  static boolean isName(String node) {
    return node.matches("[A-Za-z0-9]([-.A-Za-z0-9]{0,61}[A-Za-z0-9])?") && !node.equals("ca");
  }

  /**
   * Writes what is not there yet; an authority that is there signs for further nodes.
   *
   * @throws FileAlreadyExistsException when one of the nodes has its files already
   */
  void make(List<String> nodes) throws IOException {
    Files.createDirectories(directory);
    for (String node : nodes) {
      for (Path file : List.of(certificate(node), key(node))) {
        if (Files.exists(file)) {
          throw new FileAlreadyExistsException(file.toString());
        }
      }
    }
    ClusterAuthority authority = madeOrRead();
    if (!Files.exists(secret())) {
      byte[] octets = new byte[SECRET_OCTETS];
      new SecureRandom().nextBytes(octets);
      write(secret(), Base64.getEncoder().encodeToString(octets) + "\n");
    }
    for (String node : nodes) {
      ClusterAuthority.Pem issued = authority.issue(node, LIFE);
      write(key(node), issued.key());
      write(certificate(node), issued.certificate());
    }
  }

  private ClusterAuthority madeOrRead() throws IOException {
    if (Files.exists(authority())) {
      return ClusterAuthority.of(
          new ClusterAuthority.Pem(
              Files.readString(authority()), Files.readString(authorityKey())));
    }
    ClusterAuthority made = ClusterAuthority.create();
    write(authorityKey(), made.pem().key());
    write(authority(), made.pem().certificate());
    return made;
  }

  private static void write(Path file, String text) throws IOException {
    Files.createFile(file, ownerAlone());
    Files.writeString(file, text);
  }

  private static FileAttribute<?>[] ownerAlone() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
