/** How the hours of a host are charged. */
export interface HostBillSpec {
  /** The least that is paid for one host, however short its life. */
  readonly minimumMs: number;
  /** Time is paid in whole steps of this length; 0 = to the millisecond. */
  readonly stepMs: number;
  /** The measured window. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A life of two hours is two steps of an hour, though sums of instants differ by rounding. */
const ROUNDING = 1e-9;

/** What one host is paid for: its life in whole steps, and no less than the minimum. */
export function billedMs(lifeMs: number, { minimumMs, stepMs }: Pick<HostBillSpec, "minimumMs" | "stepMs">): number {
  const steps = stepMs === 0 ? lifeMs : Math.ceil(lifeMs / stepMs - ROUNDING) * stepMs;
  return Math.max(minimumMs, steps);
}

/** Adds up the time that hosts are paid for after their end, as far as it falls into the window. */
export class HostBill {
  /** Host-milliseconds. */
  unusedMs = 0;

  constructor(private readonly spec: HostBillSpec) {}

  onEnded(launchedAtMs: number, endedAtMs: number): void {
    const { fromMs, toMs } = this.spec;
    const paidUntilMs = launchedAtMs + billedMs(endedAtMs - launchedAtMs, this.spec);
    this.unusedMs += Math.max(0, Math.min(paidUntilMs, toMs) - Math.max(endedAtMs, fromMs));
  }
}
