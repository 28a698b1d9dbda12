import { RandomStream } from "../base/random.js";
import { costRatio } from "../control/trainer/block-bootstrap.js";
import type { ModelBacktest } from "./backtest.js";

/** How a model's cost at the provisioning lead compares with another's, over the same bins. */
export interface CostComparison {
  readonly model: string;
  readonly against: string;
  readonly ratio: number;
  /** Upper end of the one-sided 97.5 % interval of the ratio (paired block bootstrap). */
  readonly upper: number;
}

/** The cheapest model at lead index `j`, and what it costs against each other one. */
export function champion(
  models: readonly ModelBacktest[],
  j: number,
  blockOrigins: number,
): { readonly model: string; readonly against: readonly CostComparison[] } {
  const best = models.reduce((least, one) => (one.scores[j].cost < least.scores[j].cost ? one : least));
  const others = models.filter((one) => one !== best);
  const against = others.map((other) => {
    const random = new RandomStream(`backtest/${best.model}/${other.model}`);
    const { ratio, upper } = costRatio(best.costs[j], other.costs[j], blockOrigins, random);
    return { model: best.model, against: other.model, ratio, upper };
  });
  return { model: best.model, against };
}
