import type { RunResult } from "../../world/run-result.js";

/** What is known of the input of a row. */
export interface KnownFlow {
  readonly arrivalsPerSecond: number;
  readonly load: number;
  readonly windowS: number;
}

/**
 * Two numbers of a run whose mean is 0 whatever the queue does, so that they tell how far the *input* of this run strayed from its law:
 *
 * - arrivals in the window, relative to their mean λT, less 1 (Poisson);
 * - the balance of work: open streams on average relative to the offered load, plus the share of the expected arrivals that was lost, less 1.
 *   Little's law for the served, λ(1 − lost)·E[S] = E[open], says that its mean is 0. It is what combines the natural and the
 *   indirect estimator of blocking (Srikant, Whitt 1999).
 *
 * Regression on them halves to quarters the run lengths (see `controlledEstimate`). None of them knows what the row is to show.
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
