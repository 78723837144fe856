package io.tandem.node.router;

import io.tandem.protocol.uri.WampUri;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The ERRORs that calls of clients are answered with: those that a router gives by their names, all
 * others, which are the applications' own, as one. Any thread.
 */
public final class CallErrors {

  private static final List<String> NAMED =
      List.of(
          WampUri.AUTHORIZATION_FAILED,
          WampUri.CANCELED,
          WampUri.FEATURE_NOT_SUPPORTED,
          WampUri.INVALID_ARGUMENT,
          WampUri.INVALID_URI,
          WampUri.MAX_CONCURRENCY_REACHED,
          WampUri.NETWORK_FAILURE,
          WampUri.NO_AVAILABLE_CALLEE,
          WampUri.NO_SUCH_PROCEDURE,
          WampUri.NOT_AUTHORIZED,
          WampUri.OPTION_DISALLOWED_DISCLOSE_ME,
          WampUri.OPTION_NOT_ALLOWED,
          WampUri.PAYLOAD_SIZE_EXCEEDED,
          WampUri.TIMEOUT,
          WampUri.UNAVAILABLE);

  private final Map<String, LongAdder> named = new TreeMap<>();
  private final LongAdder application = new LongAdder();

  CallErrors() {
    NAMED.forEach(uri -> named.put(uri, new LongAdder()));
  }

  void add(String uri) {
    LongAdder known = named.get(uri);
    (known == null ? application : known).increment();
  }

  /** Each counter by the label that it is shown with. */
  public Map<String, LongAdder> byLabel() {
    Map<String, LongAdder> all = new TreeMap<>();
    named.forEach((uri, count) -> all.put(label(uri), count));
    all.put("application", application);
    return Collections.unmodifiableMap(all);
  }

  /** What of the URI says what it is. */
  private static String label(String uri) {
    return uri.substring(uri.indexOf(".error.") + ".error.".length()).replace('.', '_');
  }
}
