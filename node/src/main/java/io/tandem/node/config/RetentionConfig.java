package io.tandem.node.config;

import java.util.List;

/**
 * Which publications of a realm are retained if their publisher asks for it.
 *
 * @param maxEvents how many retained events one SUBSCRIBE gets (PS-RET-08)
 * @param topics where; any topic unless configured
 */
public record RetentionConfig(int maxEvents, List<KeptTopicsConfig> topics) {

  static final int MAX = 1_000_000;

  /** Of a realm that configures nothing. */
  public static final RetentionConfig DEFAULT =
      new RetentionConfig(1_000, List.of(KeptTopicsConfig.ANY));

  public RetentionConfig {
    topics = List.copyOf(topics);
  }
}
