import { describe, expect, it } from "vitest";
import { runTraining } from "../../../src/control/trainer/run-training.js";
import type { Series, TrainableForecaster } from "../../../src/ports/forecaster.js";

/**
 * Forecasts its last value, plus 100 for each bin ahead beyond the first; records what it learnt
 * from.
 */
class LastValue implements TrainableForecaster {
  readonly learnt: number[] = [];
  readonly fits: number[] = [];
  constructor(readonly name: string) {}
  fit(history: Series): void {
    this.fits.push(history.values.length);
    this.learnt.push(...history.values);
  }
  update(bin: number): void {
    this.learnt.push(bin);
  }
  state(): Float64Array[] {
    return [Float64Array.from(this.learnt)];
  }
  restore(): void {}
  forecast(bins: number, levels: readonly number[] = [0.5]) {
    const last = this.learnt.at(-1) ?? 0;
    const row = Float64Array.from({ length: bins }, (_, i) => last + 100 * i);
    return { mean: row, levels, quantiles: levels.map(() => row) };
  }
}

const history = { startMs: 0, binMs: 1000, values: Float64Array.from([10, 20, 40, 80, 160, 320]) };

function trained(backtestBins: number, leadBins: number) {
  const made: LastValue[] = [];
  const make = (name: string): LastValue => {
    made.push(new LastValue(name));
    return made[made.length - 1];
  };
  const request = { series: "eu", candidates: ["a", "b"], history, backtestBins, leadBins, level: 0.9 };
  return { ...runTraining(request, make), made };
}

describe("a training", () => {
  it("gives each candidate's state after the whole history", () => {
    const { states, made } = trained(0, 1);
    expect(states.map(([learnt]) => [...learnt])).toEqual([[...history.values], [...history.values]]);
    expect(made.map(({ name }) => name)).toEqual(["a", "a", "b", "b"]);
  });

  it("judges each bin of the backtest by what was known the lead before", () => {
    // 160 and 320 against 80 and 160; nine tenths for each request short.
    expect(trained(2, 1).costs.map((costs) => [...costs])).toEqual([
      [72, 144],
      [72, 144],
    ]);
    // Two bins ahead: 80, 160, 320 against 20, 40, 80 and 100 more.
    const [costs] = trained(3, 2).costs;
    expect([...costs].map((cost) => Math.round(1000 * cost) / 1000)).toEqual([0.1 * 40, 0.9 * 20, 0.9 * 140]);
  });

  it("fits once on what precedes the backtest, and takes in the rest bin by bin", () => {
    const [backtested] = trained(2, 1).made;
    expect(backtested.fits).toEqual([4]);
    expect(backtested.learnt).toEqual([...history.values]);
  });

  it("knows no cost of a bin that lies before the first forecast, and none without a backtest", () => {
    const [costs] = trained(6, 2).costs;
    expect([...costs].map(Number.isNaN)).toEqual([true, false, false, false, false, false]);
    expect(trained(0, 1).costs.map((one) => one.length)).toEqual([0, 0]);
    expect(trained(0, 1).made.map(({ fits }) => fits)).toEqual([[], [6], [], [6]]);
  });
});
