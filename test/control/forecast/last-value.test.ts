import { describe, expect, it } from "vitest";
import { LastValue } from "../../../src/control/forecast/last-value.js";
import { fitted, forecasts } from "./fitted-model.js";
import { historyOf } from "./known-histories.js";

describe("the last value", () => {
  it("is the forecast of every lead, from any end, and needs one bin and no parameters", () => {
    const history = historyOf([3, 8, 5]);
    const model = fitted(new LastValue(), history);
    expect([forecasts(model, history, [1, 2, 99]), forecasts(model, history, [1], 2)]).toEqual([[5, 5, 5], [8]]);
    expect([model.name, model.minimumBins(), model.learn()]).toEqual(["last-value", 1, new Float64Array(0)]);
  });
});
