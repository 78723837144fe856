package io.tandem.node.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The stack trace below a log line. The messages in it may quote a client, and stay on their lines,
 * like {@link LogMessage}. Any thread.
 */
public final class LogFailure extends ThrowableProxyConverter {

  @Override
  protected String throwableProxyToString(IThrowableProxy failure) {
    return super.throwableProxyToString(new Plain(failure));
  }

  private static @Nullable IThrowableProxy plain(@Nullable IThrowableProxy failure) {
    return failure == null ? null : new Plain(failure);
  }

  /** A failure whose messages have one line each. */
  private record Plain(IThrowableProxy failure) implements IThrowableProxy {

    @Override
    public @Nullable String getMessage() {
      return failure.getMessage() == null ? null : LogMessage.line(failure.getMessage());
    }

    @Override
    public @Nullable String getOverridingMessage() {
      String message = failure.getOverridingMessage();
      return message == null ? null : LogMessage.line(message);
    }

    @Override
    public String getClassName() {
      return failure.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
      return failure.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
      return failure.getCommonFrames();
    }

    @Override
    public @Nullable IThrowableProxy getCause() {
      return plain(failure.getCause());
    }

    @Override
    public IThrowableProxy[] getSuppressed() {
      return Arrays.stream(failure.getSuppressed())
          .<IThrowableProxy>map(Plain::new)
          .toArray(IThrowableProxy[]::new);
    }

    @Override
    public boolean isCyclic() {
      return failure.isCyclic();
    }
  }
}
