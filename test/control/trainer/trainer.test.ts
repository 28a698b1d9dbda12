import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { namedForecaster } from "../../../src/control/forecast/default-forecaster.js";
import { runTraining } from "../../../src/control/trainer/run-training.js";
import { defaultTrainerSpec, Trainer, type TrainerSpec } from "../../../src/control/trainer/trainer.js";
import type { TrainableForecaster } from "../../../src/ports/forecaster.js";
import type { TrainerEvent, Training, TrainingOutcome, TrainingRequest } from "../../../src/ports/training.js";

const HOUR = 3_600_000;

/** A training that waits until the test lets it go on. */
class HeldTraining implements Training {
  readonly requests: TrainingRequest[] = [];
  private deliveries: ((outcome: TrainingOutcome) => void)[] = [];

  train(request: TrainingRequest, deliver: (outcome: TrainingOutcome) => void): void {
    this.requests.push(request);
    this.deliveries.push(deliver);
  }

  finish(outcome?: TrainingOutcome): void {
    const request = this.requests[this.requests.length - this.deliveries.length];
    this.deliveries.shift()?.(outcome ?? { kind: "trained", result: runTraining(request, make) });
  }
}

/** A stand-in that always says the same. */
class Constant implements TrainableForecaster {
  constructor(
    readonly name: string,
    private readonly value: number,
  ) {}
  fit(): void {}
  update(): void {}
  state(): Float64Array[] {
    return [];
  }
  restore(): void {}
  forecast(bins: number, levels: readonly number[] = [0.5]) {
    const row = new Float64Array(bins).fill(this.value);
    return { mean: row, levels, quantiles: levels.map(() => row) };
  }
}

function make(name: string): TrainableForecaster {
  if (name.startsWith("says-")) return new Constant(name, Number(name.slice(5)));
  return namedForecaster(name)!;
}

function world(spec: Partial<TrainerSpec>) {
  const training = new HeldTraining();
  const events: TrainerEvent[] = [];
  const starts: TrainerEvent[] = [];
  const clock = { bins: 0 };
  const trainer = new Trainer(
    { ...defaultTrainerSpec, series: "eu", retrainEveryBins: 24, backtestDays: 7, ...spec },
    {
      make,
      training,
      nowMs: () => clock.bins * HOUR,
      random: new RandomStream("trainer"),
      report: (event) => (event.kind === "started" ? starts : events).push(event),
    },
  );
  const feed = (values: Iterable<number>): void => {
    for (const value of values) {
      clock.bins++;
      trainer.update(value);
    }
  };
  return { trainer, training, events, starts, feed, kinds: () => events.map((event) => event.kind) };
}

function daily(days: number, from = 0): number[] {
  return Array.from(
    { length: 24 * days },
    (_, i) => 100 + 60 * Math.sin((2 * Math.PI * (i + from)) / 24) + ((i * 7) % 5),
  );
}

const past = (values: number[]) => ({ startMs: 0, binMs: HOUR, values: Float64Array.from(values) });

describe("the trainer", () => {
  it("forecasts at once from the history, and asks for one training a day, never two at a time", () => {
    const { trainer, training, feed, kinds } = world({ candidates: ["ensemble", "seasonal-naive-day"] });
    trainer.fit(past(daily(14)));
    expect(trainer.forecast(3, [0.5]).quantiles[0][0]).toBeGreaterThan(60);
    feed(daily(3));
    expect(training.requests).toHaveLength(1);
    expect(training.requests[0].history.values).toHaveLength(24 * 15);
    training.finish();
    expect(kinds()).toContain("trained");
    feed(daily(1));
    expect(training.requests).toHaveLength(2);
  });

  it("trains its offset of bins later, so that the trainings of several series are spread", () => {
    const { trainer, training, feed } = world({ candidates: ["last-value"], benchmark: "none", offsetBins: 3 });
    trainer.fit(past(daily(14)));
    feed(daily(1).slice(0, 20));
    expect(training.requests).toHaveLength(0);
    feed(daily(1).slice(20, 21));
    expect(training.requests).toHaveLength(1);
  });

  it("reports at its start, and with each training, what each candidate's forecasts would have cost", () => {
    const { trainer, training, feed, events, starts } = world({
      candidates: ["says-500", "seasonal-naive-day"],
      benchmark: "none",
    });
    trainer.fit(past(daily(9)));
    expect(starts).toHaveLength(1);
    expect(starts[0]).toMatchObject({ champion: "says-500", reason: "backtest" });
    // The forecaster of 500 is idle by 400 on average, at a cost of a tenth each.
    expect(starts[0].costs?.["says-500"]).toBeCloseTo(0.1 * 398, 0);
    expect(starts[0].costs?.["seasonal-naive-day"]).toBeLessThan(3);
    feed(daily(1));
    training.finish();
    expect(Object.keys(events.find((event) => event.kind === "trained")?.costs ?? {})).toEqual([
      "says-500",
      "seasonal-naive-day",
    ]);
    const empty = world({ candidates: ["last-value"], benchmark: "none" });
    empty.trainer.fit(past([]));
    expect(empty.starts[0]).toMatchObject({ reason: "no-backtest", costs: {} });
  });

  it("lets a slow candidate learn elsewhere only, shadow from then on, and serve once it has proved cheaper", () => {
    const { trainer, training, feed, events, starts } = world({
      candidates: ["says-500", "last-value", "seasonal-naive-day"],
      slow: ["seasonal-naive-day"],
      benchmark: "last-value",
      retrainEveryBins: 24 * 30,
    });
    trainer.fit(past(daily(14)));
    expect(Object.keys(starts[0].costs ?? {})).toEqual(["says-500", "last-value"]);
    expect(training.requests.map((request) => request.candidates)).toEqual([
      ["says-500", "last-value", "seasonal-naive-day"],
    ]);
    // It has not learnt for a day, so nothing is known of it. The others are judged nevertheless.
    feed(daily(1));
    expect(Object.keys(events.findLast((event) => event.costs !== undefined)?.costs ?? {})).not.toContain(
      "seasonal-naive-day",
    );
    training.finish();
    feed(daily(8));
    expect(trainer.serving).toBe("seasonal-naive-day");
    const promoted = events.find((event) => event.champion === "seasonal-naive-day");
    expect(promoted?.kind).toBe("promoted");
    expect(promoted?.details?.days).toBeGreaterThanOrEqual(5);
  });

  it("asks for no training where nothing is known yet, and a slow candidate does not learn in passing", () => {
    const { trainer, training, feed } = world({
      candidates: ["last-value", "seasonal-naive-day"],
      slow: ["seasonal-naive-day"],
      benchmark: "none",
      retrainEveryBins: 24 * 30,
    });
    trainer.fit(past([]));
    feed(daily(3));
    expect(training.requests).toHaveLength(0);
    expect(trainer.serving).toBe("last-value");
  });

  it("lets a new model catch up with the bins that came while it learnt", () => {
    const { trainer, training, feed, events } = world({ candidates: ["last-value"], benchmark: "none" });
    trainer.fit(past(daily(14)));
    feed([...daily(1), 500, 600, 700]);
    training.finish();
    expect(events.find((event) => event.kind === "trained")?.details?.caughtUpBins).toBe(3);
    expect(trainer.forecast(1, [0.5]).quantiles[0][0]).toBeGreaterThan(550);
  });

  it("keeps the present forecaster when a training fails, and reports the failure", () => {
    const { trainer, training, feed, events } = world({ candidates: ["last-value"], benchmark: "none" });
    trainer.fit(past(daily(14)));
    feed(daily(1));
    training.finish({ kind: "failed", reason: "worker-died" });
    expect(events.map(({ kind, reason }) => [kind, reason])).toEqual([["training-failed", "worker-died"]]);
    feed(daily(1));
    expect(training.requests).toHaveLength(2);
  });

  it("promotes a challenger that was cheaper over the backtest, with the interval that shows it", () => {
    const { trainer, events } = world({
      candidates: ["says-500", "seasonal-naive-day"],
      benchmark: "seasonal-naive-day",
    });
    trainer.fit(past(daily(21)));
    expect(trainer.serving).toBe("seasonal-naive-day");
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      kind: "promoted",
      champion: "seasonal-naive-day",
      reason: "cheaper-than-says-500",
    });
    expect(events[0].details?.upper).toBeLessThan(1);
  });

  it("promotes no candidate that is less than 2 % better, nor on less than five days", () => {
    const close = world({ candidates: ["says-500", "says-499"], benchmark: "none" });
    close.trainer.fit(past(daily(21)));
    expect(close.trainer.serving).toBe("says-500");
    const short = world({ candidates: ["says-500", "seasonal-naive-day"], benchmark: "none" });
    short.trainer.fit(past(daily(9)));
    expect(short.trainer.serving).toBe("says-500");
  });

  it("demotes at the end of a day that cost more than the benchmark's", () => {
    const { trainer, feed, events } = world({ candidates: ["says-170", "seasonal-naive-day"] });
    trainer.fit(past([]));
    feed(daily(3));
    const demoted = events.find((event) => event.kind === "demoted");
    expect(demoted).toMatchObject({ champion: "seasonal-naive-day", reason: "a-day-dearer-than-seasonal-naive-day" });
    expect(demoted?.atMs).toBe(2 * 24 * HOUR);
  });

  it("takes empty bins amid steady traffic for an outage, forecasts without them, and reports the outage's end", () => {
    const { trainer, feed, events } = world({ candidates: ["ensemble", "seasonal-naive-day"] });
    trainer.fit(past(daily(21)));
    const before = trainer.forecast(24, [0.5]).quantiles[0];
    feed([0, 0, Number.NaN, 0]);
    const during = trainer.forecast(20, [0.5]).quantiles[0];
    during.forEach((value, i) => {
      expect(Math.abs(value - before[i + 4])).toBeLessThan(0.25 * before[i + 4]);
    });
    feed(daily(1, 4).slice(0, 2));
    expect(events.map(({ kind, reason }) => [kind, reason])).toEqual([
      ["outage", "empty-where-traffic-was-expected"],
      ["recovered", "bins-are-known-again"],
    ]);
    expect(events[1].details?.unknownBins).toBe(4);
  });

  it("accepts absent traffic after a dozen empty bins", () => {
    const { trainer, feed } = world({ candidates: ["last-value"], benchmark: "none" });
    trainer.fit(past(daily(21)));
    feed(new Array(40).fill(0));
    expect(trainer.forecast(1, [0.5]).quantiles[0][0]).toBeLessThan(30);
  });

  it("reports drift when a day cost twice as much as the days before", () => {
    const { trainer, feed, events, training } = world({
      candidates: ["seasonal-naive-day"],
      benchmark: "none",
      retrainEveryBins: 24 * 7,
    });
    const random = new RandomStream("drift");
    trainer.fit(past(daily(21).map((value) => value + 3 * random.normal())));
    feed(daily(1).map((value) => 4 * value));
    expect(events.map((event) => event.kind)).toEqual(["drift"]);
    expect(training.requests).toHaveLength(1);
  });
});

describe("the trainer's watch for drift", () => {
  /** A forecaster that always returns 10 for hours of 12, each 2 too low; then the given days. */
  function driftsOver(days: readonly number[], more: Partial<TrainerSpec> = {}, finishAtHour = 1) {
    const bench = world({ candidates: ["says-10"], benchmark: "none", retrainEveryBins: 24 * 100, ...more });
    bench.trainer.fit(past(new Array<number>(24 * 21).fill(12)));
    for (const value of days) {
      bench.feed(new Array<number>(finishAtHour).fill(value));
      if (bench.training.requests.length > 0) bench.training.finish();
      bench.feed(new Array<number>(24 - finishAtHour).fill(value));
    }
    return bench.kinds().filter((kind) => kind === "drift").length;
  }

  it("reports drift above twice the cost of the days before, and not below", () => {
    // 3.9 short instead of 2 is 1.95 times as dear, 4.1 short 2.05 times.
    expect(driftsOver([13.9])).toBe(0);
    expect(driftsOver([14.1])).toBe(1);
  });

  it("reports no drift within a day of the end of the data that the forecaster was trained on", () => {
    // A training begins twelve hours into the expensive day: no part of it counts before a whole
    // day has passed.
    const atNoon = { retrainEveryBins: 24 * 21 + 12 };
    expect(driftsOver([60], atNoon, 13)).toBe(0);
    expect(driftsOver([60, 60], atNoon, 13)).toBe(1);
    // A training begins with the expensive day and ends at its noon: what counts is the data that
    // it learnt from.
    expect(driftsOver([12, 60], { retrainEveryBins: 24 * 22 }, 12)).toBe(1);
  });
});
