import type { BinHistory } from "./bin-history.js";
import type { PointModel } from "./point-model.js";
import { StatelessModel } from "./stateless-model.js";

/** Forecasts the last value for all leads: the "naive" forecast, optimal for a random walk. */
export class LastValue extends StatelessModel implements PointModel {
  readonly name = "last-value";

  minimumBins(): number {
    return 1;
  }

  predict(history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    const last = history.values.data[end - 1];
    for (let k = 0; k < leads.length; k++) out[k] = last;
  }
}
