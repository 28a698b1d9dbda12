import type { TrainableForecaster } from "../../ports/forecaster.js";
import type { TrainingRequest, TrainingResult } from "../../ports/training.js";
import { newsvendorCost } from "./newsvendor.js";

/**
 * Does the work of a request, in the calling thread. `make` returns a forecaster of that name
 * without history.
 */
export function runTraining(request: TrainingRequest, make: (name: string) => TrainableForecaster): TrainingResult {
  const costs: Float64Array[] = [];
  const states = request.candidates.map((name) => {
    costs.push(walkForward(request, make(name)));
    const forecaster = make(name);
    forecaster.fit(request.history);
    return forecaster.state();
  });
  return { states, costs };
}

/**
 * Learns without the last bins, then adds them one by one. Each is judged by the forecast made
 * `leadBins` before it.
 */
function walkForward(request: TrainingRequest, forecaster: TrainableForecaster): Float64Array {
  const { history, backtestBins, leadBins, level } = request;
  const costs = new Float64Array(backtestBins).fill(Number.NaN);
  const n = history.values.length;
  if (backtestBins === 0) return costs;
  const from = Math.max(0, n - backtestBins - leadBins + 1);
  forecaster.fit({ ...history, values: history.values.subarray(0, from) });
  for (let end = from; end + leadBins <= n; end++) {
    const target = end + leadBins - 1;
    const issued = forecaster.forecast(leadBins, [level]).quantiles[0][leadBins - 1];
    const i = target - (n - backtestBins);
    if (i >= 0) costs[i] = newsvendorCost(history.values[target], issued, level);
    forecaster.update(history.values[end]);
  }
  return costs;
}
