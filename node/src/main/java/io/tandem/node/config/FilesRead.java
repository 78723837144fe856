package io.tandem.node.config;

import io.tandem.node.credentials.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that one reading of a configuration looked into, those that were not there included,
 * and what was in them, as digests: so it can be told whether another reading would find the same.
 * Links are followed anew at each look. Filled by one thread, and not changed any more when others
 * have it.
 */
public final class FilesRead {

  /** Of a file that cannot be read: it is not there, or no file, or not for this process. */
  private static final String NOTHING = "";

  /** Of one that was written while it was read: no look finds this. */
  private static final String UNSETTLED = "unsettled";

  /** What is read of a file: one octet more than any may have. */
  static final int MOST = Configurations.MAX_FILE_SIZE + 1;

  private final Map<Path, String> digests = new LinkedHashMap<>();

  /**
   * What is in a file, {@link #MOST} octets of it at most; null when it cannot be read. A pipe or
   * device is not opened: that could wait for ever.
   */
  byte @Nullable [] read(Path file) {
    byte[] octets = octets(file);
    note(file, octets);
    return octets;
  }

  /** This was in a file. */
  void note(Path file, byte @Nullable [] octets) {
    digests.merge(file, digest(octets), (earlier, now) -> earlier.equals(now) ? now : UNSETTLED);
  }

  /** The same files as they are now. Reads them all. */
  public FilesRead look() {
    FilesRead now = new FilesRead();
    digests.keySet().forEach(file -> now.read(file));
    return now;
  }

  /** Whether both have found the same in the same files. */
  public boolean isLike(@Nullable FilesRead other) {
    return other != null && digests.equals(other.digests);
  }

  /** The files in which another look has found something else. */
  public List<Path> differing(FilesRead other) {
    return digests.entrySet().stream()
        .filter(known -> !known.getValue().equals(other.digests.get(known.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static byte @Nullable [] octets(Path file) {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MOST);
    } catch (IOException | SecurityException unreadable) {
      return null;
    }
  }

  private static String digest(byte @Nullable [] octets) {
    return octets == null ? NOTHING : HexFormat.of().formatHex(Hashes.sha256(octets));
  }
}
