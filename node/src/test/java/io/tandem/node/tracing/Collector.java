package io.tandem.node.tracing;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.tandem.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Takes spans as a collector does, and keeps them; or does not. Any thread. */
final class Collector implements AutoCloseable {

  /** What it does with spans. */
  enum Answer {
    TAKES,
    REFUSES,
    /** Says that it has no time now. */
    BUSY,
    /** Says nothing, and keeps the connection. */
    SILENT,
    /** Begins to say something, and no more. */
    HALF
  }

  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Answer answer;
  private volatile Map<String, String> source = Map.of();

  Collector(Answer answer) {
    this.answer = answer;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/v1/traces", this::asked);
    server.start();
  }

  /** From here on it does this. */
  void answer(Answer other) {
    answer = other;
  }

  private void asked(HttpExchange request) throws IOException {
    byte[] body = request.getRequestBody().readAllBytes();
    asked.incrementAndGet();
    switch (answer) {
      case TAKES -> {
        keep(body);
        request.sendResponseHeaders(200, -1);
      }
      case REFUSES -> request.sendResponseHeaders(400, -1);
      case BUSY -> request.sendResponseHeaders(503, -1);
      case HALF -> {
        request.sendResponseHeaders(200, 1_000);
        request.getResponseBody().write(0);
        request.getResponseBody().flush();
      }
      case SILENT -> {}
    }
  }

  private void keep(byte[] octets) throws IOException {
    for (ResourceSpans of : ExportTraceServiceRequest.parseFrom(octets).getResourceSpansList()) {
      source = attributes(of.getResource().getAttributesList());
      of.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
    }
  }

  /** How often it was sent something. */
  int asked() {
    return asked.get();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
  }

  /** Those about this procedure or topic. */
  List<Span> spansOf(String uri) {
    return spans.stream().filter(span -> span.getName().endsWith(" " + uri)).toList();
  }

  /** The one of this name, when it has come. */
  Span span(String name) {
    Patience.until(name, () -> spans.stream().anyMatch(span -> span.getName().equals(name)));
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
  }

  static String id(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  /** Who sent the spans that came last. */
  Map<String, String> source() {
    return source;
  }

  static Map<String, String> attributes(Span span) {
    return attributes(span.getAttributesList());
  }

  private static Map<String, String> attributes(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(
            Collectors.toMap(
                each -> each.getKey(),
                each ->
                    each.getValue().hasIntValue()
                        ? String.valueOf(each.getValue().getIntValue())
                        : each.getValue().getStringValue()));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
