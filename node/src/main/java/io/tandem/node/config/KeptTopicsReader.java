package io.tandem.node.config;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.UriRule;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The mapping from keys to what a realm keeps of publications. */
final class KeptTopicsReader {

  private final UriRule uriRule;

  KeptTopicsReader(UriRule uriRule) {
    this.uriRule = uriRule;
  }

  RetentionConfig retention(Section retention) {
    RetentionConfig byDefault = RetentionConfig.DEFAULT;
    List<KeptTopicsConfig> topics = list(retention, "topics");
    return new RetentionConfig(
        retention.value("maxEvents", Type.integer(1, RetentionConfig.MAX), byDefault.maxEvents()),
        retention.has("topics") ? topics : byDefault.topics());
  }

  List<KeptTopicsConfig> list(Section around, String key) {
    Set<Map.Entry<MatchPolicy, String>> taken = new HashSet<>();
    return around.sections(key, 0, topics -> topics(topics, taken));
  }

  private KeptTopicsConfig topics(Section topics, Set<Map.Entry<MatchPolicy, String>> taken) {
    String uri =
        topics.required("uri", Type.text("a URI or pattern, as match says", any -> true), "");
    MatchPolicy match = topics.value("match", Type.oneOf(MatchPolicy.class), MatchPolicy.EXACT);
    topics.check(
        uriRule.isPattern(uri, match),
        "uri",
        Value.quote(uri) + " is no " + match.wireName() + " URI",
        "match");
    topics.check(
        taken.add(Map.entry(match, uri)),
        "uri",
        "another item of the list has this URI and match",
        "match");
    return new KeptTopicsConfig(
        uri,
        match,
        topics.value(
            "events",
            Type.integer(1, KeptTopicsConfig.MAX_EVENTS),
            KeptTopicsConfig.DEFAULT_EVENTS),
        topics.optional("bytes", Type.bytes(KeptTopicsConfig.MIN_BYTES, NodeConfig.MAX_MEMORY)),
        topics.optional("age", Type.duration(Duration.ofSeconds(1), KeptTopicsConfig.MAX_AGE)));
  }
}
