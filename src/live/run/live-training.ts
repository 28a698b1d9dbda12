import { runTraining } from "../../control/trainer/run-training.js";
import type { TrainableForecaster } from "../../ports/forecaster.js";
import type { Training, TrainingOutcome, TrainingRequest } from "../../ports/training.js";
import type { TrainedEvent } from "../log/outside-event.js";

interface Asked {
  readonly request: TrainingRequest;
  readonly deliver: (outcome: TrainingOutcome) => void;
  outcome: TrainingOutcome | undefined;
}

/**
 * Trainings of a live run and of its replay. Live, a thread does the work (`compute`), and its
 * end is injected as an event. A replay has no thread: at the logged end of a training it does
 * the same work itself, which gives the same model.
 */
export class LiveTraining implements Training {
  private readonly asked = new Map<number, Asked>();
  private count = 0;
  private compute: Training | undefined;
  private inject: (event: TrainedEvent) => void = () => undefined;

  /** `make` gives a forecaster without history by name. */
  constructor(private readonly make: (name: string) => TrainableForecaster) {}

  /** Has the work done in a thread, and its end injected as an event. */
  connect(compute: Training, inject: (event: TrainedEvent) => void): void {
    this.compute = compute;
    this.inject = inject;
  }

  train(request: TrainingRequest, deliver: (outcome: TrainingOutcome) => void): void {
    const training = ++this.count;
    const asked: Asked = { request, deliver, outcome: undefined };
    this.asked.set(training, asked);
    this.compute?.train(request, (outcome) => {
      asked.outcome = outcome;
      this.inject({ kind: "trained", training, failure: outcome.kind === "failed" ? outcome.reason : "" });
    });
  }

  /** The effect of the event at its time; an event that belongs to no training has none. */
  apply({ training, failure }: TrainedEvent): void {
    const asked = this.asked.get(training);
    if (asked === undefined) return;
    this.asked.delete(training);
    if (failure !== "") asked.deliver({ kind: "failed", reason: failure });
    else asked.deliver(asked.outcome ?? { kind: "trained", result: runTraining(asked.request, this.make) });
  }
}
