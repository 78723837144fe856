package io.tandem.node.ops;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.tandem.registry.Histogram;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Histograms of one name, told apart by a label. Any thread. */
final class HistogramFamily implements Collector {

  private final String name;
  private final String description;
  private final String label;
  private final Map<String, Histogram> members = new ConcurrentSkipListMap<>();

  HistogramFamily(String name, String description, String label) {
    this.name = name;
    this.description = description;
    this.label = label;
  }

  /** Shows this one too, with this value of the label. */
  void add(String value, Histogram histogram) {
    members.put(value, histogram);
  }

  @Override
  public String getPrometheusName() {
    return name;
  }

  @Override
  public MetricSnapshot collect() {
    HistogramSnapshot.Builder family = HistogramSnapshot.builder().name(name).help(description);
    members.forEach((value, histogram) -> family.dataPoint(point(value, histogram.read())));
    return family.build();
  }

  private HistogramDataPointSnapshot point(String value, Histogram.Reading reading) {
    return HistogramDataPointSnapshot.builder()
        .labels(Labels.of(label, value))
        .classicHistogramBuckets(ClassicHistogramBuckets.of(reading.bounds(), reading.counts()))
        .sum(reading.sum())
        .build();
  }
}
