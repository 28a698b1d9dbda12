import { describe, expect, it } from "vitest";
import { namedForecaster } from "../../../src/control/forecast/default-forecaster.js";
import { RecentFits } from "../../../src/control/forecast/recent-fits.js";
import { RememberedFit } from "../../../src/control/forecast/remembered-fit.js";
import type { Series, TrainableForecaster } from "../../../src/ports/forecaster.js";

const BIN_MS = 300_000;
const DAY_BINS = 288;

/** Nine days of a daily rhythm with a deterministic scatter. */
function series(startMs = 0, scale = 1): Series {
  const values = Float64Array.from({ length: 9 * DAY_BINS }, (_, i) =>
    Math.round(scale * (100 + 60 * Math.sin((i / DAY_BINS) * 2 * Math.PI) + ((i * 7919) % 23))),
  );
  values[700] = Number.NaN;
  return { startMs, binMs: BIN_MS, values };
}

function ensemble(): TrainableForecaster {
  return namedForecaster("ensemble") as TrainableForecaster;
}

/** Counts the fits that really happen. */
function counted(fits: string[]): TrainableForecaster {
  const inner = ensemble();
  const fit = inner.fit.bind(inner);
  return Object.assign(inner, {
    fit: (past: Series) => {
      fits.push(inner.name);
      fit(past);
    },
  });
}

describe("a memory of fits", () => {
  it("gives the same forecasts, bit for bit, from a remembered fit as from a fit", () => {
    const memory = new RecentFits();
    const first = new RememberedFit(ensemble(), memory);
    const second = new RememberedFit(ensemble(), memory);
    first.fit(series());
    second.fit(series());
    for (let bin = 0; bin < 2 * DAY_BINS; bin++) {
      if (bin % 24 === 0) expect(second.forecast(12)).toEqual(first.forecast(12));
      for (const each of [first, second]) each.update(90 + ((bin * 31) % 17));
    }
    expect(second.forecast(12)).toEqual(first.forecast(12));
  });

  it("fits once for the same values, and again for other values, another start or another model", () => {
    const memory = new RecentFits();
    const fits: string[] = [];
    memory.fit(counted(fits), series());
    memory.fit(counted(fits), series());
    expect(fits).toHaveLength(1);
    memory.fit(counted(fits), series(0, 1.01));
    memory.fit(counted(fits), series(BIN_MS));
    memory.fit(namedForecaster("seasonal-naive-day") as TrainableForecaster, series());
    memory.fit(counted(fits), series());
    expect(fits).toHaveLength(3);
  });

  it("fits again for a forecaster of longer leads, which learns more", () => {
    const memory = new RecentFits();
    memory.fit(namedForecaster("ridge-day", 12)!, series());
    const [remembered, fitted] = [namedForecaster("ridge-day")!, namedForecaster("ridge-day")!];
    memory.fit(remembered, series());
    fitted.fit(series());
    expect(remembered.forecast(DAY_BINS)).toEqual(fitted.forecast(DAY_BINS));
  });

  it("does not notice that the caller changes its values later", () => {
    const memory = new RecentFits();
    const past = series();
    memory.fit(ensemble(), past);
    past.values.fill(1);
    const fits: string[] = [];
    memory.fit(counted(fits), past);
    expect(fits).toHaveLength(1);
  });
});
