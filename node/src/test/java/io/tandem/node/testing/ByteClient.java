package io.tandem.node.testing;

import io.tandem.testing.Patience;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A client that writes and reads octets, and so can break every rule. Blocks; belongs to the thread
 * of one test.
 */
public class ByteClient implements Closeable {

  private static final int PATIENCE_MILLIS = (int) Patience.LIMIT.toMillis();
  private static final int NARROW = 8 << 10;
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();

  /** Two ways of octets, and what ends them. */
  public record Line(InputStream in, OutputStream out, Closeable end) {

    /** A TCP connection on loopback. */
    public static Line tcp(int port) {
      try {
        return of(new Socket(InetAddress.getLoopbackAddress(), port));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** A TCP connection whose kernel takes little that is not read. */
    public static Line narrow(int port) {
      try {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(NARROW);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return of(socket);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public static Line of(Socket socket) throws IOException {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      return new Line(socket.getInputStream(), socket.getOutputStream(), socket);
    }

    public static Line unix(Path path) {
      try {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(path));
        return new Line(
            Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Line line;

  public ByteClient(Line line) {
    this.line = line;
  }

  /** The octets of a text such as {@code 7F F1 00 00}. */
  public static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  public final void writeHex(String hex) {
    write(octets(hex));
  }

  /** Writes the octets as one segment, where TCP lets it be. */
  public final void write(byte[] octets) {
    try {
      line.out.write(octets);
      line.out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads exactly so many octets. */
  public final byte[] read(int length) {
    try {
      byte[] octets = line.in.readNBytes(length);
      if (octets.length < length) {
        throw new EOFException("ended after " + HEX.formatHex(octets));
      }
      return octets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what comes before the end. */
  public final byte[] readToEnd() {
    try {
      return line.in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads until the node ends its side. */
  public final void readToEnd(OutputStream to) {
    try {
      line.in.transferTo(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public final String readHex(int length) {
    return HEX.formatHex(read(length));
  }

  /** Waits for the end; true when no octet came before it. */
  public final boolean isEnded() {
    try {
      return line.in.read() < 0;
    } catch (SocketException reset) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the connection without a word. */
  public final void hangUp() {
    try {
      line.end.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public final void close() {
    hangUp();
  }
}
