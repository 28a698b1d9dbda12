import type { RandomStreams } from "../base/random.js";
import { namedForecaster } from "../control/forecast/default-forecaster.js";
import type { PoolSpec } from "../control/streamlet-pool.js";
import { defaultTrainerSpec, Trainer } from "../control/trainer/trainer.js";
import type { Forecaster, TrainableForecaster } from "../ports/forecaster.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { Telemetry } from "../ports/telemetry.js";
import type { Training } from "../ports/training.js";

/** Arrivals are counted in five-minute bins: a day of them. */
const DAY_BINS = 288;
/** A pool's training comes this many bins after that of the pool before it. */
const SPREAD_BINS = 3;
const CANDIDATES = ["ensemble", "seasonal-naive-day", "seasonal-naive-week", "last-value"];

/** A forecaster by a name that is known to the core. */
export function coreForecaster(name: string): TrainableForecaster {
  const forecaster = namedForecaster(name);
  if (forecaster === undefined) throw new Error(`there is no forecaster named ${name}`);
  return forecaster;
}

/** Makes, for a policy that asks for it, the trainer of each pool's arrivals: the same class in every world, with the world's own training. */
export function trainerMaker(
  pools: readonly PoolSpec[],
  streams: RandomStreams,
  parts: { readonly scheduler: Scheduler; readonly telemetry: Telemetry; readonly training: Training },
): (pool: number) => Forecaster {
  return (pool) =>
    new Trainer(
      {
        ...defaultTrainerSpec,
        series: pools[pool].name,
        candidates: CANDIDATES,
        retrainEveryBins: DAY_BINS,
        offsetBins: pool * SPREAD_BINS,
      },
      {
        make: coreForecaster,
        training: parts.training,
        nowMs: () => parts.scheduler.nowMs(),
        random: streams.named(`trainer/${pools[pool].name}`),
        report: (event) => parts.telemetry.onTrainer?.(event),
      },
    );
}
