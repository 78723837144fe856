package io.tandem.node.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.internal.PlatformDependent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * What the buffers of all channels take, and what they may: memory of the process outside of its
 * heap, in octets. What a lane frees stays there for its next buffers, so there is some between
 * what is needed and what is taken. Any thread.
 */
public final class DirectMemory {

  private final long limit;
  private final LongSupplier used;
  private final List<BufferWatch> watches = new CopyOnWriteArrayList<>();

  DirectMemory(long limit, LongSupplier used) {
    this.limit = limit;
    this.used = used;
  }

  /** That of this process: {@code -XX:MaxDirectMemorySize}, the size of the heap unless given. */
  public static DirectMemory ofProcess() {
    ByteBufAllocatorMetric buffers =
        ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
    return new DirectMemory(PlatformDependent.maxDirectMemory(), buffers::usedDirectMemory);
  }

  void watchedBy(BufferWatch watch) {
    watches.add(watch);
  }

  /** Of the lanes of this node. */
  List<BufferWatch> watches() {
    return watches;
  }

  /** What clients hold of it by not going on. */
  public long held() {
    return watches.stream().mapToLong(BufferWatch::octetsHeld).sum();
  }

  public long limit() {
    return limit;
  }

  public long used() {
    return used.getAsLong();
  }

  /** By how much they take more than half of it: who holds most has to go. */
  long excess() {
    return used() - limit / 2;
  }

  /** Whether so little is left that who wants more has to go. */
  boolean isScarce() {
    return used() > limit / 4 * 3;
  }
}
