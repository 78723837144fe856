package io.tandem.node.tokens;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gets a short text over HTTP, on threads of the JDK's client: within {@link #LONGEST} or not at
 * all, and no more than {@link #MOST_OCTETS} of it. Redirections are not followed: the URL that was
 * configured is the one that is trusted.
 */
final class HttpText {

  static final Duration LONGEST = Duration.ofSeconds(5);
  static final int MOST_OCTETS = 256 << 10;

  private static final int OK = 200;

  /** Made when it is needed first: most nodes never do. */
  private static final class Client {
    static final HttpClient HTTP =
        HttpClient.newBuilder()
            .connectTimeout(LONGEST)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  private HttpText() {}

  static CompletableFuture<String> get(URI url) {
    return get(url, LONGEST);
  }

  static CompletableFuture<String> get(URI url, Duration longest) {
    HttpRequest request =
        HttpRequest.newBuilder(url).header("Accept", "application/json").GET().build();
    CompletableFuture<HttpResponse<String>> exchange =
        Client.HTTP.sendAsync(request, head -> new Body(head.statusCode()));
    CompletableFuture<String> text = exchange.thenApply(HttpResponse::body);
    // The client's own limit ends with the head of the answer; the body may drip for ever.
    return text.orTimeout(longest.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((got, failure) -> exchange.cancel(true));
  }

  /** Takes the octets of the answer, as long as they are not too many. */
  private static final class Body implements BodySubscriber<String> {

    private final int status;
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final CompletableFuture<String> whole = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    Body(int status) {
      this.status = status;
    }

    @Override
    public CompletionStage<String> getBody() {
      return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      if (status == OK) {
        subscription.request(1);
      } else {
        refuse("answers " + status);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        if (octets.size() + buffer.remaining() > MOST_OCTETS) {
          refuse("sends more than " + MOST_OCTETS + " octets");
          return;
        }
        byte[] some = new byte[buffer.remaining()];
        buffer.get(some);
        octets.writeBytes(some);
      }
      if (subscription != null) {
        subscription.request(1);
      }
    }

    private void refuse(String why) {
      if (subscription != null) {
        subscription.cancel();
      }
      whole.completeExceptionally(new IOException(why));
    }

    @Override
    public void onError(Throwable failure) {
      whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      whole.complete(octets.toString(StandardCharsets.UTF_8));
    }
  }
}
