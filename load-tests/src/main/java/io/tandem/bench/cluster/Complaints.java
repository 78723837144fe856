package io.tandem.bench.cluster;

import io.tandem.bench.BenchException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a node's log says of defects: errors, failures with a stack trace, buffers that leaked. For
 * one thread.
 */
public final class Complaints {

  private static final Pattern COMPLAINT =
      Pattern.compile(
          "^\\d\\d:\\d\\d:\\d\\d\\.\\d+ ERROR .*|^Exception in thread.*|.*\\bLEAK:.*"
              + "|^\\s+at [\\w.$/]+\\(.*|.*OutOfMemoryError.*");

  private final Path log;
  private long read;

  public Complaints(Path log) {
    this.log = log;
  }

  /** Those that came since the last look. */
  public List<String> fresh() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(read);
      byte[] octets = new byte[(int) Math.min(file.length() - read, 1 << 24)];
      file.readFully(octets);
      // An octet is a character, whatever a client is quoted with.
      String text = new String(octets, StandardCharsets.ISO_8859_1);
      // Of a line that is not whole yet the next look sees all.
      int whole = text.lastIndexOf('\n') + 1;
      read += whole;
      return in(text.substring(0, whole));
    } catch (IOException gone) {
      throw new BenchException("cannot read " + log + ": " + gone.getMessage(), gone);
    }
  }

  static List<String> in(String text) {
    return text.lines().filter(line -> COMPLAINT.matcher(line).matches()).toList();
  }
}
