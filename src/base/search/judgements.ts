import { covers, type Point, type Probe, type ProbeResult, pointKey } from "./lattice.js";

interface SeenPoint {
  readonly at: readonly number[];
  readonly result: ProbeResult;
}

/**
 * The results known for each point and test: from a run, or inferred because the knobs of a
 * lattice are monotone.
 */
export class Judgements {
  private readonly byPoint = new Map<string, Map<number, ProbeResult>>();
  private readonly byTest = new Map<string, SeenPoint[]>();
  private readonly kills = new Map<number, number>();

  record(probe: Probe, result: ProbeResult): void {
    const key = pointKey(probe);
    const own = this.byPoint.get(key) ?? new Map<number, ProbeResult>();
    if (own.has(probe.test)) return;
    own.set(probe.test, result);
    this.byPoint.set(key, own);
    const testKey = `${probe.lattice}/${probe.test}`;
    const seen = this.byTest.get(testKey) ?? [];
    seen.push({ at: probe.at, result });
    this.byTest.set(testKey, seen);
    if (!result.met) this.kills.set(probe.test, (this.kills.get(probe.test) ?? 0) + 1);
  }

  /** The result of a run of this point; undefined without a run. */
  seen(point: Point, test: number): ProbeResult | undefined {
    return this.byPoint.get(pointKey(point))?.get(test);
  }

  /** Tests in which this point itself was run. */
  testsOf(point: Point): readonly number[] {
    return Array.from(this.byPoint.get(pointKey(point))?.keys() ?? []);
  }

  /** Whether a test is met, as run or inferred; undefined if unknown. */
  met(point: Point, test: number): boolean | undefined {
    const own = this.seen(point, test);
    if (own !== undefined) return own.met;
    for (const { at, result } of this.byTest.get(`${point.lattice}/${test}`) ?? []) {
      if (result.met ? covers(point.at, at) : covers(at, point.at)) return result.met;
    }
    return undefined;
  }

  /**
   * Orders tests by the number of misses, most first, so that a poor point fails after few runs.
   */
  byKills(tests: readonly number[]): number[] {
    const kills = (test: number): number => this.kills.get(test) ?? 0;
    return [...tests].sort((a, b) => kills(b) - kills(a) || a - b);
  }

  /**
   * Pairs of runs that contradict monotony along one axis: the lower point met the test and the
   * higher one missed it. `of` counts all pairs whose lower point met it.
   */
  inversions(lattice: number, axis: number): { readonly count: number; readonly of: number } {
    let count = 0;
    let of = 0;
    for (const [key, seen] of this.byTest) {
      if (!key.startsWith(`${lattice}/`)) continue;
      for (const low of seen) {
        if (!low.result.met) continue;
        const higher = seen.filter(({ at }) => at.every((v, i) => (i === axis ? v > low.at[i] : v === low.at[i])));
        of += higher.length;
        count += higher.filter(({ result }) => !result.met).length;
      }
    }
    return { count, of };
  }
}
