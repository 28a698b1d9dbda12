import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { runTraining } from "../../../src/control/trainer/run-training.js";
import { defaultTrainerSpec, Trainer, type TrainerSpec } from "../../../src/control/trainer/trainer.js";
import type { TrainableForecaster } from "../../../src/ports/forecaster.js";
import type { TrainerEvent, TrainingOutcome, TrainingRequest } from "../../../src/ports/training.js";

const HOUR = 3_600_000;

/** Always forecasts one number; each level's quantile is that share of twice the number. */
class Steady implements TrainableForecaster {
  updates = 0;
  constructor(readonly name: string) {}
  fit(): void {}
  update(): void {
    this.updates++;
  }
  state(): Float64Array[] {
    return [];
  }
  restore(): void {}
  forecast(bins: number, levels: readonly number[] = [0.5]) {
    const value = Number(this.name);
    return {
      mean: new Float64Array(bins).fill(value),
      levels,
      quantiles: levels.map((level) => new Float64Array(bins).fill(2 * level * value)),
    };
  }
}

/** A trainer of hourly bins whose trainings wait for `finish`, with all that it reported. */
function trainerOf(spec: Partial<TrainerSpec> = {}) {
  const events: TrainerEvent[] = [];
  const requests: TrainingRequest[] = [];
  const logged: [number, number][] = [];
  const made: Steady[] = [];
  let deliver: (outcome: TrainingOutcome) => void = () => undefined;
  const make = (name: string): Steady => {
    made.push(new Steady(name));
    return made[made.length - 1];
  };
  const clock = { nowMs: 0 };
  const trainer = new Trainer(
    { ...defaultTrainerSpec, series: "eu", candidates: ["10"], benchmark: "none", retrainEveryBins: 24, ...spec },
    {
      make,
      training: {
        train: (request, done) => {
          requests.push(request);
          deliver = done;
        },
      },
      nowMs: () => clock.nowMs,
      random: new RandomStream("trainer"),
      report: (event) => events.push(event),
      log: { append: (index, value) => logged.push([index, value]) },
    },
  );
  const feed = (count: number, value: number): void => {
    for (let i = 0; i < count; i++) {
      clock.nowMs += HOUR;
      trainer.update(value);
    }
  };
  const finish = (): void => deliver({ kind: "trained", result: runTraining(requests[requests.length - 1], make) });
  return {
    trainer,
    events,
    requests,
    logged,
    made,
    feed,
    finish,
    fail: () => deliver({ kind: "failed", reason: "late" }),
  };
}

const past = (bins: number, value = 10) => ({ startMs: 5000, binMs: HOUR, values: new Float64Array(bins).fill(value) });

describe("the trainer's record", () => {
  it("logs each bin by its number, counted from the first of the past, and unknown ones as such", () => {
    const { trainer, feed, logged } = trainerOf();
    trainer.fit(past(30));
    feed(1, 12);
    feed(1, Number.NaN);
    expect(logged).toEqual([
      [30, 12],
      [31, Number.NaN],
    ]);
  });

  it("learns from the last days only, with their instants, and from all that there is", () => {
    const { trainer, feed, requests } = trainerOf({ historyDays: 2, leadBins: 3, level: 0.8 });
    trainer.fit(past(71));
    feed(1, 11);
    expect(requests).toHaveLength(1);
    const [{ history, ...request }] = requests;
    expect(request).toEqual({ series: "eu", candidates: ["10"], backtestBins: 0, leadBins: 3, level: 0.8 });
    expect([history.values.length, history.startMs, history.binMs]).toEqual([48, 5000 + 24 * HOUR, HOUR]);
    expect(history.values.at(-1)).toBe(11);
  });

  it("backtests over its days, at most over half of the past, and reports how long the past was", () => {
    const costs = (bins: number, backtestDays: number): TrainerEvent => {
      const { trainer, events } = trainerOf({ backtestDays });
      trainer.fit(past(bins, 20));
      expect(events).toHaveLength(1);
      return events[0];
    };
    // 18 were issued at the level 0.9, 20 came: 0.9 for each of the two short.
    expect(costs(100, 1)).toEqual({
      ...{ atMs: 0, series: "eu", kind: "started", champion: "10", reason: "backtest" },
      ...{ details: { bins: 100 }, costs: { "10": expect.closeTo(1.8, 9) } },
    });
    expect(costs(2, 7)).toMatchObject({ reason: "backtest", details: { bins: 2 } });
    expect(costs(1, 7)).toMatchObject({ reason: "no-backtest", costs: {} });
    expect(costs(100, 0)).toMatchObject({ reason: "no-backtest", costs: {} });
  });

  it("gives the mean of the known costs of eight days", () => {
    const { trainer, feed, events, finish } = trainerOf({ retrainEveryBins: 24 * 9, backtestDays: 0 });
    trainer.fit(past(0));
    feed(24, 1000);
    for (let half = 0; half < 16; half++) feed(12, half % 2 === 0 ? 18 : 28);
    finish();
    // 18 were issued: 0 for half of the bins, 0.9 · 10 for half; the first day is too long ago.
    expect(events.at(-1)).toMatchObject({ kind: "trained", costs: { "10": expect.closeTo(4.5, 9) } });
    expect(events.at(-1)?.details).toEqual({ bins: 24 * 9, caughtUpBins: 0 });
    expect(events.at(-1)).toMatchObject({ reason: "schedule-or-drift", atMs: 24 * 9 * HOUR });
  });

  it("reports an outage once, without costs, and how long it was when it is over", () => {
    const { trainer, feed, events } = trainerOf({ candidates: ["40"], retrainEveryBins: 1000 });
    trainer.fit(past(48, 40));
    events.length = 0;
    // At 40 expected, the 5 % quantile of 4 is below a quarter: a zero is believed.
    feed(2, 0);
    expect(events).toEqual([]);
    feed(3, Number.NaN);
    feed(2, 40);
    expect(events).toEqual([
      { atMs: 3 * HOUR, series: "eu", kind: "outage", champion: "40", reason: "no-value" },
      {
        ...{ atMs: 6 * HOUR, series: "eu", kind: "recovered", champion: "40" },
        ...{ reason: "bins-are-known-again", details: { unknownBins: 3 } },
      },
    ]);
  });

  it("brings each forecaster up to date: the present one by each bin, a new one by the bins since", () => {
    const { trainer, feed, made, finish } = trainerOf();
    trainer.fit(past(24));
    const [present] = made.slice(1);
    feed(24, 10);
    expect(present.updates).toBe(24);
    feed(5, 10);
    const before = made.length;
    finish();
    // The training makes two; the trainer one, which takes in the five bins.
    expect(made.slice(before).map(({ updates }) => updates)).toEqual([0, 0, 5]);
    feed(1, 10);
    expect(made.at(-1)?.updates).toBe(6);
    expect(present.updates).toBe(29);
  });

  it("has no slow candidate forecast before it has learnt", () => {
    const { trainer, feed, events, fail, finish } = trainerOf({ candidates: ["10", "20"], slow: ["20"] });
    trainer.fit(past(25));
    feed(2, 10);
    fail();
    expect(Object.keys(events.at(-1)?.costs ?? {})).toEqual(["10"]);
    feed(24, 10);
    finish();
    feed(24, 10);
    finish();
    expect(Object.keys(events.at(-1)?.costs ?? {})).toEqual(["10", "20"]);
  });

  it("trains again at the next time after a training that failed, and never beside one", () => {
    const { trainer, feed, requests, fail, events } = trainerOf();
    trainer.fit(past(24));
    feed(24 * 3, 10);
    expect(requests).toHaveLength(1);
    fail();
    expect(events.at(-1)).toMatchObject({ kind: "training-failed", reason: "late" });
    feed(24, 10);
    expect(requests).toHaveLength(2);
  });

  it("serves from its first candidate, in bins of five minutes, before it knows a past", () => {
    const { trainer, requests } = trainerOf({ retrainEveryBins: 2 });
    expect([trainer.serving, trainer.name]).toEqual(["10", "trained"]);
    expect([...trainer.forecast(2, [0.5, 1]).quantiles[1]]).toEqual([20, 20]);
    trainer.update(1);
    trainer.update(2);
    expect([...requests[0].history.values]).toEqual([1, 2]);
    expect(requests[0].history.binMs).toBe(300_000);
  });
});
