import type { BinHistory } from "./bin-history.js";
import type { PointModel } from "./point-model.js";

/** Forecasts the last value for all leads: the "naive" forecast, optimal for a random walk. */
export class LastValue implements PointModel {
  readonly name = "last-value";

  minimumBins(): number {
    return 1;
  }

  learn(): Float64Array {
    return new Float64Array(0);
  }

  restore(): void {}

  extend(): void {}

  dropFirst(): void {}

  predict(history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    const last = history.values.data[end - 1];
    for (let k = 0; k < leads.length; k++) out[k] = last;
  }
}
