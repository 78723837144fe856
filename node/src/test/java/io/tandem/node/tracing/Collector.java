package io.tandem.node.tracing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.tandem.testing.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Takes spans as a collector does, and keeps them. Any thread. */
final class Collector {

  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /**
   * @param status that it answers with; spans are kept where that is 200
   */
  Collector(Vertx vertx, int status) {
    this.server =
        Patience.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  if (status == 200 && request.path().equals("/v1/traces")) {
                                    keep(body.getBytes());
                                  }
                                  request.response().setStatusCode(status).end();
                                }))
                .listen(0, "127.0.0.1"));
  }

  private void keep(byte[] octets) {
    try {
      ExportTraceServiceRequest.parseFrom(octets).getResourceSpansList().stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .forEach(scope -> spans.addAll(scope.getSpansList()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/v1/traces";
  }

  List<Span> spans() {
    return List.copyOf(spans);
  }

  /** The one of this name, when it has come. */
  Span span(String name) {
    Patience.until(name, () -> spans.stream().anyMatch(span -> span.getName().equals(name)));
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
  }

  static String id(com.google.protobuf.ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  static Map<String, String> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(
            Collectors.toMap(
                each -> each.getKey(),
                each ->
                    each.getValue().hasIntValue()
                        ? String.valueOf(each.getValue().getIntValue())
                        : each.getValue().getStringValue()));
  }
}
