import { parentPort } from "node:worker_threads";
import { runTraining } from "../control/trainer/run-training.js";
import type { TrainableForecaster } from "../ports/forecaster.js";
import type { TrainingOutcome, TrainingRequest } from "../ports/training.js";
import { type ForecasterOptions, openForecaster } from "./catalogue.js";

/** A request to a training thread. */
export interface TrainingQuestion {
  readonly id: number;
  readonly request: TrainingRequest;
  readonly options: ForecasterOptions;
}

export interface TrainingAnswer {
  readonly id: number;
  readonly outcome: TrainingOutcome;
}

/**
 * The body of a training thread: one answer per question, in order. A failure is an answer, too.
 */
async function answer({ id, request, options }: TrainingQuestion): Promise<TrainingAnswer> {
  try {
    const makers = new Map<string, () => TrainableForecaster>();
    for (const name of request.candidates) makers.set(name, (await openForecaster(name, options)).make);
    const make = (name: string): TrainableForecaster => (makers.get(name) as () => TrainableForecaster)();
    return { id, outcome: { kind: "trained", result: runTraining(request, make) } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { id, outcome: { kind: "failed", reason: reason.slice(0, 200) } };
  }
}

parentPort?.on("message", (question: TrainingQuestion) => {
  void answer(question).then((reply) => parentPort?.postMessage(reply));
});
