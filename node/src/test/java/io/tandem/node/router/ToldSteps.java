package io.tandem.node.router;

import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Traces what belongs to a trace, and remembers what it is told: a step by its number, its parent,
 * what it is about and how it ended. The context of a step is {@code "step-N"}.
 */
final class ToldSteps implements Tracing {

  /** Whether what belongs to none begins one, as "nobody" had given it. */
  boolean begins;

  private final List<Told> steps = new ArrayList<>();
  private final Counts counts = new Counts();

  /** What has been told, such as {@code "1 in alice: CALL com.add by 101, ended"}. */
  List<String> told() {
    return steps.stream().map(Told::toString).toList();
  }

  @Override
  public @Nullable TracedStep received(
      Step step, String realm, String uri, long session, Options options) {
    return options.has(Keys.TRACEPARENT) || !begins
        ? continued(step, realm, uri, session, options)
        : told(step, realm, uri, session, "nobody");
  }

  @Override
  public @Nullable TracedStep continued(
      Step step, String realm, String uri, long session, Options details) {
    String parent = details.get(Keys.TRACEPARENT);
    return parent == null ? null : told(step, realm, uri, session, parent);
  }

  private Told told(Step step, String realm, String uri, long session, String parent) {
    Told told =
        new Told(steps.size() + 1, parent + ": " + step + " " + uri + " by " + session, realm);
    steps.add(told);
    return told;
  }

  @Override
  public Counts counts() {
    return counts;
  }

  @Override
  public void close() {}

  private static final class Told implements TracedStep {

    private final int number;
    private final String what;
    private final String realm;
    private String end = "";

    Told(int number, String what, String realm) {
      this.number = number;
      this.what = what;
      this.realm = realm;
    }

    @Override
    public Options into(Options details) {
      return Tracing.without(details).with(Keys.TRACEPARENT, "step-" + number);
    }

    /** Twice would show. */
    @Override
    public void end(@Nullable String error) {
      end += error == null ? ", ended" : ", ended " + error;
    }

    @Override
    public String toString() {
      return number + " in " + what + (realm.equals(World.REALM) ? "" : " of " + realm) + end;
    }
  }
}
