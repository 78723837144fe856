package io.tandem.cluster.link;

import io.tandem.registry.Scheduler;
import java.util.concurrent.Executor;

/**
 * An event loop, seen by code that has none.
 *
 * @param executor runs a task on the loop, in the order given; any thread
 * @param scheduler the loop's time: read by any thread, tasks from the loop only
 */
public record Loop(Executor executor, Scheduler scheduler) {}
