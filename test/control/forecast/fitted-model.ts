import type { BinHistory } from "../../../src/control/forecast/bin-history.js";
import type { PointModel } from "../../../src/control/forecast/point-model.js";

/** The model after it learnt from history[0, end) and took over what it learnt. */
export function fitted<T extends PointModel>(model: T, history: BinHistory, end = history.length): T {
  model.restore(history, model.learn(history, end));
  return model;
}

/** Its forecasts of the bins end − 1 + lead. */
export function forecasts(
  model: PointModel,
  history: BinHistory,
  leads: readonly number[],
  end = history.length,
): number[] {
  const out = new Float64Array(leads.length);
  model.predict(history, end, Int32Array.from(leads), out);
  return [...out];
}
