import { fail } from "../../base/assert.js";

export interface FloorPool {
  readonly slots: number;
  /** Least spawning time that one readiness can cost, in ms. */
  readonly spawnMs: number;
}

/** One number of streamlets: is it needed now, since when, or until when was it last needed? NaN = never yet. */
class Rung {
  isOn = false;
  changedAtMs = Number.NaN;
}

/**
 * What a clairvoyant would have spent, in streamlet-time, to serve the very streams that a run served, at the very times, in the same pools.
 *
 * Two relaxations make it a lower bound for every policy. *Free migration*: streams may be moved at will, so that ⌈open/slots⌉ streamlets carry what is
 * open; no assignment without migration needs fewer. *Foresight*: the k-th streamlet is needed while ⌈open/slots⌉ ≥ k; across a gap of length g between
 * two such times it is either kept (g) or given up and spawned again (at least `spawnMs`, spent before it is needed): min(g, spawnMs). The gaps of
 * different k are independent, so that the sum is the optimum of the relaxed problem (off-line rent-or-buy; Karlin et al. 1988). It holds run by run
 * where spawns take a constant time, and in the mean over spawns where they are random (`leastTimePerSuccessMs`). Since the streams served are the
 * run's own, the floor has exactly the run's SLO figures. Only what lies after `fromMs` counts.
 */
export class ClairvoyantFloor {
  private readonly open: Int32Array;
  private readonly rungs: Rung[][];
  private readonly totals = new Float64Array(1);

  constructor(
    private readonly pools: readonly FloorPool[],
    private readonly fromMs: number,
  ) {
    this.open = new Int32Array(pools.length);
    this.rungs = pools.map(() => []);
  }

  /** A stream has started in this pool. */
  onTaken(pool: number, nowMs: number): void {
    const before = this.open[pool]++;
    if (before % this.pools[pool].slots === 0) this.switchOn(pool, before / this.pools[pool].slots, nowMs);
  }

  /** A stream of this pool has ended. */
  onReleased(pool: number, nowMs: number): void {
    const after = --this.open[pool];
    if (after < 0) fail(`pool ${pool} lost a stream that it did not have`);
    if (after % this.pools[pool].slots === 0) this.switchOff(pool, after / this.pools[pool].slots, nowMs);
  }

  /** Streamlet-milliseconds in [fromMs, nowMs]; `nowMs` is the end of the run. */
  streamletMs(nowMs: number): number {
    let total = this.totals[0];
    for (const rungs of this.rungs)
      for (const rung of rungs) if (rung.isOn) total += this.measured(rung.changedAtMs, nowMs);
    return total;
  }

  private switchOn(pool: number, k: number, nowMs: number): void {
    const rungs = this.rungs[pool];
    if (k === rungs.length) rungs.push(new Rung());
    const rung = rungs[k];
    // Never needed before: it stood from the start or was spawned, whichever is cheaper.
    const gapMs = this.measured(Number.isNaN(rung.changedAtMs) ? 0 : rung.changedAtMs, nowMs);
    this.totals[0] += Math.min(gapMs, this.pools[pool].spawnMs);
    rung.isOn = true;
    rung.changedAtMs = nowMs;
  }

  private switchOff(pool: number, k: number, nowMs: number): void {
    const rung = this.rungs[pool][k];
    this.totals[0] += this.measured(rung.changedAtMs, nowMs);
    rung.isOn = false;
    rung.changedAtMs = nowMs;
  }

  private measured(sinceMs: number, nowMs: number): number {
    return Math.max(0, nowMs - Math.max(sinceMs, this.fromMs));
  }
}
