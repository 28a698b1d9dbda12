import { isSlowForecaster } from "../control/forecast/challengers.js";
import { runTraining } from "../control/trainer/run-training.js";
import type { TrainableForecaster } from "../ports/forecaster.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { Training, TrainingOutcome, TrainingRequest } from "../ports/training.js";

/**
 * Modelled duration of a training; each candidate that is a neural network adds the second figure
 * (two trainings of 14 s on WebAssembly).
 */
const TRAINING_MS = 30_000;
const SLOW_TRAINING_MS = 30_000;

/**
 * Trains at once, and delivers the outcome after the modelled time. The policy uses the new model
 * from then on.
 */
export class SimulatedTraining implements Training {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly make: (name: string) => TrainableForecaster,
  ) {}

  train(request: TrainingRequest, deliver: (outcome: TrainingOutcome) => void): void {
    const slow = request.candidates.filter(isSlowForecaster).length;
    this.scheduler.schedule(TRAINING_MS + slow * SLOW_TRAINING_MS, Phase.Control, () => {
      deliver({ kind: "trained", result: runTraining(request, this.make) });
    });
  }
}
