import { MeanFeasibility } from "../../base/mean-feasibility.js";
import { estimate } from "../../base/statistics.js";
import type { Day, DayRuns, Design } from "./day-runs.js";
import type { MeanBound } from "./mean-bound.js";

/** The result of the days for a mean. */
export interface MeanRecord extends MeanBound {
  readonly mean: number;
  /** Of its 95 % interval; null for a single day. */
  readonly halfWidth: number | null;
  readonly days: number;
  readonly met: boolean;
}

/** A mean within 10 % of its bound may be judged either way. */
const TOLERANCE = 0.1;
/** The probability that any verdict on a bounded mean is wrong by more than the tolerance. */
const ALPHA = 0.05;
const FIRST_STAGE = 10;
const BATCH = 8;
const MOST_DAYS = 400;
/** Offset of these days from those of other questions, and between two samples. */
const FURTHER_DAYS = 1_000_000;

/**
 * Whether a design keeps the mean of a metric within its bound, by procedure F_B: `days` first,
 * then further unused days of the ordinary world, until the verdict is certain enough. After 400
 * days the more likely verdict stands.
 */
export async function judgeMean(
  design: Design,
  { metric, bound }: MeanBound,
  bounds: number,
  days: readonly Day[],
  runs: DayRuns,
): Promise<MeanRecord> {
  const test = new MeanFeasibility({
    bound,
    tolerance: TOLERANCE * bound,
    beta: ALPHA / bounds,
    firstStage: FIRST_STAGE,
  });
  const [first] = days;
  const dayAt = (i: number): Day => days[i] ?? { world: 0, replication: FURTHER_DAYS + first.replication + i };
  const values: number[] = [];
  while (test.verdict === "open" && values.length < MOST_DAYS) {
    const size = values.length === 0 ? FIRST_STAGE : BATCH;
    const batch = Array.from({ length: size }, (_, k) => ({ design, day: dayAt(values.length + k) }));
    for (const { metrics } of await runs.run(batch)) {
      values.push(metrics[metric]);
      test.add(metrics[metric]);
    }
  }
  const { mean, halfWidth } = estimate(values, 1 - ALPHA);
  return { metric, bound, mean, halfWidth, days: values.length, met: test.leaning === "feasible" };
}
