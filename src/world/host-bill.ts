/** How the hours of a host are charged. */
export interface HostBillSpec {
  /** The least time that is paid for one host, in ms. */
  readonly minimumMs: number;
  /** Time is billed in whole steps of this length, in ms; 0 = exact. */
  readonly stepMs: number;
  /** The measured window. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** 1e-9 of slack: a life of two hours is two steps of an hour in spite of rounding. */
const ROUNDING = 1e-9;

/** The billed time of one host: its life in whole steps, and no less than the minimum. */
export function billedMs(lifeMs: number, { minimumMs, stepMs }: Pick<HostBillSpec, "minimumMs" | "stepMs">): number {
  const steps = stepMs === 0 ? lifeMs : Math.ceil(lifeMs / stepMs - ROUNDING) * stepMs;
  return Math.max(minimumMs, steps);
}

/** Sums the billed time after the ends of hosts, as far as it lies in the window. */
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
