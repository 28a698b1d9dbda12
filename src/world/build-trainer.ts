import type { RandomStreams } from "../base/random.js";
import { isSlowForecaster } from "../control/forecast/challengers.js";
import { namedForecaster } from "../control/forecast/default-forecaster.js";
import { defaultTrainerSpec, Trainer } from "../control/trainer/trainer.js";
import type { TrainableForecaster } from "../ports/forecaster.js";
import type { PolicyContext } from "../ports/policy.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { Telemetry } from "../ports/telemetry.js";
import type { Training } from "../ports/training.js";
import type { UserModules } from "./user-modules.js";

/** Arrivals are counted in five-minute bins: a day of them. */
const DAY_BINS = 288;
/** A series' training comes this many bins after that of the series before it. */
const SPREAD_BINS = 3;
const CANDIDATES = ["ensemble", "seasonal-naive-day", "seasonal-naive-week", "last-value"];

/** Makes forecasters by name: those of the core, and those that were loaded for the run. */
export function forecasterOf({ forecasters }: Pick<UserModules, "forecasters">): (name: string) => TrainableForecaster {
  return (name) => {
    const forecaster = forecasters?.get(name)?.() ?? namedForecaster(name);
    if (forecaster === undefined) throw new Error(`the forecaster ${name} was not loaded`);
    return forecaster;
  };
}

/**
 * Makes the trainer of a series of arrivals, for a policy that asks for one. Simulation and live
 * mode use the same class, each with its own Training.
 */
export function trainerMaker(
  streams: RandomStreams,
  parts: {
    readonly scheduler: Scheduler;
    readonly telemetry: Telemetry;
    readonly training: Training;
    readonly make: (name: string) => TrainableForecaster;
  },
): NonNullable<PolicyContext["trained"]> {
  return (series, turn, challengers) =>
    new Trainer(
      {
        ...defaultTrainerSpec,
        series,
        candidates: [...new Set([...CANDIDATES, ...challengers])],
        slow: challengers.filter(isSlowForecaster),
        retrainEveryBins: DAY_BINS,
        offsetBins: turn * SPREAD_BINS,
      },
      {
        make: parts.make,
        training: parts.training,
        nowMs: () => parts.scheduler.nowMs(),
        random: streams.named(`trainer/${series}`),
        report: (event) => parts.telemetry.onTrainer?.(event),
      },
    );
}
