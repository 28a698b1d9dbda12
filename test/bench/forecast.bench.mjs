// CPU cost of forecasting: a refit of the default combination on four weeks of five-minute bins,
// an update with its forecast, a thousand series at once, and the LSTM on WebAssembly. CPU time,
// not wall time, so that other work on the machine does not fail it.
import { RandomStream } from "../../dist/base/random.js";
import { BinHistory } from "../../dist/control/forecast/bin-history.js";
import { namedForecaster } from "../../dist/control/forecast/default-forecaster.js";
import { Lstm } from "../../dist/control/forecast/lstm.js";
import { lstmTraining } from "../../dist/forecasting/lstm-training.js";
import { openTensorflow } from "../../dist/forecasting/tensorflow-backend.js";
import { cpuNsOf, median } from "./measure.mjs";

const DAY = 288;
const BIN_MS = 300_000;
const LEADS = Int32Array.from({ length: 12 }, (_, i) => i + 1);

function traffic(bins, seed, mean = 200) {
  const random = new RandomStream(seed);
  return Float64Array.from({ length: bins }, (_, i) => {
    const week = Math.floor(i / DAY) % 7 >= 5 ? 0.7 : 1;
    return random.poisson(mean * week * (1 + 0.6 * Math.sin((2 * Math.PI * i) / DAY)));
  });
}

const cpuMs = (work) => cpuNsOf(work).cpuNs / 1e6;

function refits() {
  const values = traffic(28 * DAY, "refit");
  const forecaster = namedForecaster("ensemble");
  const costs = Array.from({ length: 7 }, () => cpuMs(() => forecaster.fit({ startMs: 0, binMs: BIN_MS, values })));
  const later = traffic(500, "later");
  const step = cpuMs(() => {
    for (const bin of later) {
      forecaster.update(bin);
      forecaster.forecast(12);
    }
  });
  // The first fits pay for the compiler.
  return { refitMs: median(costs.slice(2)), stepMs: step / later.length };
}

/** A thousand forecasters that have each learnt, as a restore from elsewhere leaves them. */
function thousandSeries() {
  const series = { startMs: 0, binMs: BIN_MS, values: traffic(15 * DAY, "thousand") };
  const teacher = namedForecaster("ensemble");
  teacher.fit(series);
  const state = teacher.state();
  const all = Array.from({ length: 1000 }, () => {
    const forecaster = namedForecaster("ensemble");
    forecaster.restore(series, state);
    return forecaster;
  });
  const rounds = [7, 8, 9].map((bin) =>
    cpuMs(() => {
      for (const forecaster of all) {
        forecaster.update(200 + bin);
        forecaster.forecast(12);
      }
    }),
  );
  return median(rounds) / 1000;
}

async function lstm() {
  const history = new BinHistory(0, BIN_MS);
  for (const value of traffic(28 * DAY, "lstm")) history.append(value);
  const model = new Lstm(lstmTraining(await openTensorflow("wasm")));
  let parameters;
  const trainingS =
    cpuMs(() => {
      parameters = model.learn(history, history.length);
    }) / 1000;
  model.restore(history, parameters);
  const out = new Float64Array(LEADS.length);
  const inference = cpuMs(() => {
    for (let i = 0; i < 2000; i++) model.predict(history, history.length - i, LEADS, out);
  });
  return { trainingS, inferenceMs: inference / 2000 };
}

export async function run() {
  const { refitMs, stepMs } = refits();
  const thousandS = thousandSeries();
  const { trainingS, inferenceMs } = await lstm();
  const row = (key, what, value, unit, atMost) => ({ key, what, value, unit, atMost, detail: "CPU time" });
  return [
    row("forecastRefitMs", "refit of the ensemble, 28 days of 5-minute bins", refitMs, "ms", 300),
    row("forecastStepMs", "update and forecast of 12 bins", stepMs, "ms", 2),
    row("forecastThousandS", "update and forecast of 1,000 series", thousandS, "s", 2),
    row("lstmTrainingS", "LSTM: one training on WebAssembly", trainingS, "s", 60),
    row("lstmInferenceMs", "LSTM: one forecast", inferenceMs, "ms", 5),
  ];
}
