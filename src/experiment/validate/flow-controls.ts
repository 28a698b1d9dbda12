import type { RunResult } from "../../world/run-result.js";

/** What is known of the input of a row. */
export interface KnownFlow {
  readonly arrivalsPerSecond: number;
  readonly load: number;
  readonly windowS: number;
}

/**
 * Two control variates of a run. Their mean is 0 for any queue, so they measure by how much the
 * run's random *input* deviates from its distribution:
 *
 * - arrivals in the window, relative to their mean λT, less 1 (Poisson);
 * - the balance of work: mean open streams relative to the offered load, plus the lost share of
 *   the expected arrivals, less 1. By Little's law for the served, λ(1 − lost)·E[S] = E[open],
 *   its mean is 0. It combines the natural and the indirect estimator of blocking (Srikant, Whitt
 *   1999).
 *
 * Regression on them needs a half to a quarter of the run length (see `controlledEstimate`). They
 * do not depend on the value that the row must show.
 */
export function flowControls(runs: readonly Pick<RunResult, "metrics">[], flow: KnownFlow): number[][] {
  const expected = flow.arrivalsPerSecond * flow.windowS;
  const arrivals = runs.map(({ metrics }) => metrics.arrivals / expected - 1);
  const balance = runs.map(({ metrics }) => {
    const lost = (metrics.rejectedRatio + metrics.abandonedRatio) * metrics.arrivals;
    return metrics.openStreamsMean / flow.load + lost / expected - 1;
  });
  return [balance, arrivals];
}
