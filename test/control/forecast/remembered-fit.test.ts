import { describe, expect, it } from "vitest";
import { RecentFits } from "../../../src/control/forecast/recent-fits.js";
import { RememberedFit } from "../../../src/control/forecast/remembered-fit.js";
import type { Forecast, ForecasterState, Series, TrainableForecaster } from "../../../src/ports/forecaster.js";

/** Learns the sum of its history, and lists what is called. */
class Summing implements TrainableForecaster {
  readonly calls: string[] = [];
  learnt = 0;

  constructor(
    readonly name = "summing",
    readonly longestLead = 36,
  ) {}

  fit({ values }: Series): void {
    this.calls.push("fit");
    this.learnt = values.reduce((sum, value) => sum + value, 0);
  }
  state(): ForecasterState {
    return [Float64Array.of(this.learnt)];
  }
  restore(_: Series, [row]: ForecasterState): void {
    this.calls.push("restore");
    this.learnt = row[0];
  }
  update(bin: number): void {
    this.calls.push(`update ${bin}`);
    this.learnt += bin;
  }
  forecast(bins: number, levels: readonly number[] = [0.5]): Forecast {
    const mean = new Float64Array(bins).fill(this.learnt);
    return { mean, levels, quantiles: levels.map(() => mean) };
  }
}

function seriesOf(values: readonly number[], startMs = 0, binMs = 60_000): Series {
  return { startMs, binMs, values: Float64Array.from(values) };
}

/** What a new forecaster does that is to be fitted to `series`: "fit" or "restore". */
function done(memory: RecentFits, series: Series, forecaster = new Summing()): string {
  memory.fit(forecaster, series);
  return forecaster.calls.join();
}

describe("a forecaster whose fits are remembered", () => {
  it("forecasts and updates as the one inside, under its name", () => {
    const inner = new Summing("inner");
    const remembered = new RememberedFit(inner, new RecentFits());
    expect(remembered.name).toBe("inner");
    remembered.fit(seriesOf([1, 2, 3]));
    remembered.update(4);
    expect(inner.calls).toEqual(["fit", "update 4"]);
    expect(remembered.forecast(2)).toEqual(inner.forecast(2));
    expect(remembered.forecast(2, [0.1, 0.9])).toEqual(inner.forecast(2, [0.1, 0.9]));
    expect([...remembered.forecast(1).mean]).toEqual([10]);
  });
});

describe("a memory of the latest fits", () => {
  it("restores what was learnt from the same values, where unknown bins are equal, too", () => {
    const memory = new RecentFits();
    expect(done(memory, seriesOf([1, Number.NaN, 3]))).toBe("fit");
    expect(done(memory, seriesOf([1, Number.NaN, 3]))).toBe("restore");
    const other = new Summing();
    memory.fit(other, seriesOf([1, 2]));
    memory.fit(other, seriesOf([1, 2]));
    expect(other.learnt).toBe(3);
  });

  it("distinguishes values, their number, the start, the width of bins, the name and the longest lead", () => {
    const memory = new RecentFits();
    const cases: (() => string)[] = [
      () => done(memory, seriesOf([1, 2])),
      () => done(memory, seriesOf([1, 3])),
      () => done(memory, seriesOf([1, 2, 2])),
      () => done(memory, seriesOf([1])),
      () => done(memory, seriesOf([1, 2], 60_000)),
      () => done(memory, seriesOf([1, 2], 0, 30_000)),
      () => done(memory, seriesOf([1, 2]), new Summing("other")),
      () => done(memory, seriesOf([1, 2]), new Summing("summing", 12)),
    ];
    expect(cases.map((each) => each())).toEqual(cases.map(() => "fit"));
    expect(cases.map((each) => each())).toEqual(cases.map(() => "restore"));
  });

  it("keeps 64 fits, and forgets the one that was not used for longest", () => {
    const memory = new RecentFits();
    for (let i = 0; i < 64; i++) expect(done(memory, seriesOf([i]))).toBe("fit");
    expect(done(memory, seriesOf([0]))).toBe("restore");
    expect(done(memory, seriesOf([64]))).toBe("fit");
    // That was the 65th: the fit to [1] went, the one to [0] was used since.
    expect(done(memory, seriesOf([0]))).toBe("restore");
    expect(done(memory, seriesOf([2]))).toBe("restore");
    expect(done(memory, seriesOf([1]))).toBe("fit");
  });
});
