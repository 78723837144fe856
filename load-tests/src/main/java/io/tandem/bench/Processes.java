package io.tandem.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Processes whose use of CPU and memory is added up. */
public final class Processes {

  private final List<Long> pids;

  public Processes(List<Long> pids) {
    this.pids = pids;
  }

  /** CPU time so far in nanoseconds, or null where the system does not tell it of all of them. */
  public @Nullable Long cpuNanos() {
    long sum = 0;
    for (long pid : pids) {
      Optional<Duration> cpu =
          ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration());
      if (cpu.isEmpty()) {
        return null;
      }
      sum += cpu.get().toNanos();
    }
    return pids.isEmpty() ? null : sum;
  }

  /** Resident memory in octets, or null where there is no /proc to tell it. */
  public @Nullable Long residentBytes() {
    long sum = 0;
    try {
      for (long pid : pids) {
        sum += residentBytes(Path.of("/proc", Long.toString(pid), "status"));
      }
    } catch (IOException notLinuxOrGone) {
      return null;
    }
    return pids.isEmpty() ? null : sum;
  }

  private static long residentBytes(Path status) throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("no VmRSS in " + status);
  }

  /** CPU time of the whole machine so far, in nanoseconds, or null where there is no /proc. */
  public static @Nullable Long machineNanos() {
    try {
      String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split("\\s+", -1);
      // user nice system idle iowait irq softirq steal, in ticks of 10 ms on every Linux.
      long ticks = 0;
      for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
        ticks += Long.parseLong(fields[field]);
      }
      return ticks * 10_000_000;
    } catch (IOException | RuntimeException notLinux) {
      return null;
    }
  }
}
