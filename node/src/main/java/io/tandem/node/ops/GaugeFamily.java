package io.tandem.node.ops;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.function.Supplier;

/** Gauges of one name whose label has other values as time goes on. Any thread. */
final class GaugeFamily implements Collector {

  private final String name;
  private final String description;
  private final String label;
  private final Supplier<? extends Map<String, ? extends Number>> values;

  /**
   * @param values by the label's value, read anew each time
   */
  GaugeFamily(
      String name,
      String description,
      String label,
      Supplier<? extends Map<String, ? extends Number>> values) {
    this.name = name;
    this.description = description;
    this.label = label;
    this.values = values;
  }

  @Override
  public String getPrometheusName() {
    return name;
  }

  @Override
  public MetricSnapshot collect() {
    GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(description);
    values
        .get()
        .forEach(
            (value, number) ->
                family.dataPoint(
                    GaugeDataPointSnapshot.builder()
                        .labels(Labels.of(label, value))
                        .value(number.doubleValue())
                        .build()));
    return family.build();
  }
}
