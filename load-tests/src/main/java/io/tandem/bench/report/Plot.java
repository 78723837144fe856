package io.tandem.bench.report;

import java.util.List;
import java.util.Locale;

/** A line chart as SVG. Scales are given by their ticks: the first and the last bound the axis. */
final class Plot {

  /** A place on an axis and what is written there. */
  record Tick(double at, String label) {}

  record Point(double x, double y) {}

  /** A line; what shares a style belongs together. */
  record Line(String style, String name, List<Point> points) {}

  private static final int WIDTH = 720;
  private static final int HEIGHT = 300;
  private static final int LEFT = 70;
  private static final int RIGHT = 110;
  private static final int TOP = 12;
  private static final int BOTTOM = 44;

  private final List<Tick> xTicks;
  private final List<Tick> yTicks;
  private final StringBuilder svg = new StringBuilder();

  private Plot(List<Tick> xTicks, List<Tick> yTicks) {
    this.xTicks = xTicks;
    this.yTicks = yTicks;
  }

  static String draw(
      String title, String xLabel, List<Tick> xTicks, List<Tick> yTicks, List<Line> lines) {
    Plot plot = new Plot(xTicks, yTicks);
    plot.append("<svg viewBox='0 0 %d %d' role='img' aria-label='%s'>", WIDTH, HEIGHT, title);
    plot.axes(xLabel);
    plot.lines(lines);
    return plot.svg.append("</svg>\n").toString();
  }

  private void axes(String xLabel) {
    for (Tick tick : yTicks) {
      double y = y(tick.at());
      append("<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>", LEFT, right(), y, y);
      append("<text class='y' x='%d' y='%.1f'>%s</text>", LEFT - 8, y + 4, tick.label());
    }
    for (Tick tick : xTicks) {
      double x = x(tick.at());
      append(
          "<line class='grid' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>", x, x, TOP, HEIGHT - BOTTOM);
      append("<text class='x' x='%.1f' y='%d'>%s</text>", x, HEIGHT - BOTTOM + 18, tick.label());
    }
    append("<text class='x' x='%d' y='%d'>%s</text>", (LEFT + right()) / 2, HEIGHT - 6, xLabel);
  }

  private void lines(List<Line> lines) {
    double free = -1;
    for (Line line : lines) {
      if (line.points().isEmpty()) {
        continue;
      }
      StringBuilder points = new StringBuilder();
      for (Point point : line.points()) {
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.x()), y(point.y())));
      }
      append("<polyline class='%s' points='%s'/>", line.style(), points.toString().strip());
      Point last = line.points().get(line.points().size() - 1);
      // Names stand at the ends of their lines, one below the other where these meet.
      double y = y(last.y()) + 4;
      y = free >= 0 && Math.abs(y - free) < 14 ? free + 14 : y;
      free = y;
      append(
          "<text class='%s' x='%.1f' y='%.1f'>%s</text>",
          line.style(), x(last.x()) + 6, y, line.name());
    }
  }

  private double x(double value) {
    return LEFT + (right() - LEFT) * part(xTicks, value);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * part(yTicks, value);
  }

  private static int right() {
    return WIDTH - RIGHT;
  }

  private static double part(List<Tick> ticks, double value) {
    double first = ticks.get(0).at();
    double last = ticks.get(ticks.size() - 1).at();
    return (value - first) / (last - first);
  }

  private void append(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
