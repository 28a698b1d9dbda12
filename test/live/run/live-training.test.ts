import { describe, expect, it } from "vitest";
import { runTraining } from "../../../src/control/trainer/run-training.js";
import type { TrainedEvent } from "../../../src/live/log/outside-event.js";
import { LiveTraining } from "../../../src/live/run/live-training.js";
import type { TrainingOutcome, TrainingRequest } from "../../../src/ports/training.js";
import { forecasterOf } from "../../../src/world/build-trainer.js";

const coreForecaster = forecasterOf({});

const request: TrainingRequest = {
  series: "eu",
  candidates: ["last-value", "seasonal-naive-day"],
  history: { startMs: 0, binMs: 3_600_000, values: Float64Array.from({ length: 24 * 8 }, (_, i) => 50 + (i % 24)) },
  backtestBins: 0,
  leadBins: 1,
  level: 0.9,
};

describe("trainings of a live run", () => {
  it("end as a logged event, and a replay without a thread sees the same model at that event", () => {
    const events: TrainedEvent[] = [];
    const seen: TrainingOutcome[] = [];
    let finish = (): void => undefined;
    const live = new LiveTraining(coreForecaster);
    const compute = {
      train: (asked: TrainingRequest, deliver: (outcome: TrainingOutcome) => void): void => {
        finish = () => deliver({ kind: "trained", result: runTraining(asked, coreForecaster) });
      },
    };
    live.connect(compute, (event) => events.push(event));
    live.train(request, (outcome) => seen.push(outcome));
    finish();
    expect(seen).toHaveLength(0);
    live.apply(events[0]);

    const replayed: TrainingOutcome[] = [];
    const replay = new LiveTraining(coreForecaster);
    replay.train(request, (outcome) => replayed.push(outcome));
    replay.apply(events[0]);
    expect(replayed).toEqual(seen);
    expect(seen[0].kind).toBe("trained");
  });

  it("carry a failure into the replay as well, and are delivered once", () => {
    const seen: TrainingOutcome[] = [];
    const replay = new LiveTraining(coreForecaster);
    replay.train(request, (outcome) => seen.push(outcome));
    const event = { kind: "trained", training: 1, failure: "training-thread-ended: 3" } as const;
    replay.apply(event);
    replay.apply(event);
    replay.apply({ ...event, training: 9 });
    expect(seen).toEqual([{ kind: "failed", reason: "training-thread-ended: 3" }]);
  });
});
