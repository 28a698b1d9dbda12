import type { RandomStreams } from "../base/random.js";
import { namedForecaster } from "../control/forecast/default-forecaster.js";
import { defaultTrainerSpec, Trainer } from "../control/trainer/trainer.js";
import type { Forecaster, TrainableForecaster } from "../ports/forecaster.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { Telemetry } from "../ports/telemetry.js";
import type { Training } from "../ports/training.js";

/** Arrivals are counted in five-minute bins: a day of them. */
const DAY_BINS = 288;
/** A series' training comes this many bins after that of the series before it. */
const SPREAD_BINS = 3;
const CANDIDATES = ["ensemble", "seasonal-naive-day", "seasonal-naive-week", "last-value"];

/** A forecaster by a name that is known to the core. */
export function coreForecaster(name: string): TrainableForecaster {
  const forecaster = namedForecaster(name);
  if (forecaster === undefined) throw new Error(`there is no forecaster named ${name}`);
  return forecaster;
}

/** Makes, for a policy that asks for it, the trainer of a series of arrivals: the same class in every world, with the world's own training. */
export function trainerMaker(
  streams: RandomStreams,
  parts: { readonly scheduler: Scheduler; readonly telemetry: Telemetry; readonly training: Training },
): (series: string, turn: number) => Forecaster {
  return (series, turn) =>
    new Trainer(
      {
        ...defaultTrainerSpec,
        series,
        candidates: CANDIDATES,
        retrainEveryBins: DAY_BINS,
        offsetBins: turn * SPREAD_BINS,
      },
      {
        make: coreForecaster,
        training: parts.training,
        nowMs: () => parts.scheduler.nowMs(),
        random: streams.named(`trainer/${series}`),
        report: (event) => parts.telemetry.onTrainer?.(event),
      },
    );
}
