import { readFileSync } from "node:fs";

/**
 * Above this share of time in which a process waited for a core, the machine counts as busy.
 */
export const BUSY_SHARE = 0.1;

/**
 * Total time in µs in which a process on this machine waited for a core (pressure-stall
 * information, Weiner 2018); NaN where the kernel does not measure it.
 */
function totalUs(): number {
  try {
    return Number(/some .*total=(\d+)/.exec(readFileSync("/proc/pressure/cpu", "utf8"))?.[1]);
  } catch {
    return Number.NaN;
  }
}

/** The share of a time span in which a process waited for a core. */
export class CpuPressure {
  private readonly beganMs = performance.now();
  private readonly beganUs = totalUs();

  /** Since the start; null where the kernel does not measure it. */
  share(): number | null {
    const share = (totalUs() - this.beganUs) / 1000 / (performance.now() - this.beganMs);
    return Number.isNaN(share) ? null : Math.round(share * 1000) / 1000;
  }
}
