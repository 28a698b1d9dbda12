import { runTraining } from "../control/trainer/run-training.js";
import type { TrainableForecaster } from "../ports/forecaster.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { Training, TrainingOutcome, TrainingRequest } from "../ports/training.js";

/** Does a training's work at once, and delivers it when the modelled time has passed: the world sees the new model at that instant. */
export class SimulatedTraining implements Training {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly make: (name: string) => TrainableForecaster,
    private readonly durationMs: number,
  ) {}

  train(request: TrainingRequest, deliver: (outcome: TrainingOutcome) => void): void {
    this.scheduler.schedule(this.durationMs, Phase.Control, () => {
      deliver({ kind: "trained", result: runTraining(request, this.make) });
    });
  }
}
