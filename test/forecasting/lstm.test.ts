import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/base/random.js";
import { BinHistory } from "../../src/control/forecast/bin-history.js";
import { Lstm, type LstmWindows } from "../../src/control/forecast/lstm.js";
import { LSTM, LSTM_OUTLOOK, LSTM_PARAMETERS, LstmNetwork } from "../../src/control/forecast/lstm-network.js";
import { lstmHeads, lstmTraining } from "../../src/forecasting/lstm-training.js";
import { openTensorflow } from "../../src/forecasting/tensorflow-backend.js";

const HOUR = 3_600_000;

function someWindows(count: number): LstmWindows {
  const random = new RandomStream("windows");
  const fill = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const inputs = fill(count * LSTM.steps * LSTM.inputs);
  const outlook = fill(count * LSTM_OUTLOOK);
  // The next value is that of the same time yesterday, plus a little of the last step: learnable.
  const targets = Float32Array.from({ length: count * LSTM.leads }, (_, i) => {
    const [w, k] = [Math.floor(i / LSTM.leads), i % LSTM.leads];
    return outlook[w * LSTM_OUTLOOK + 2 * k] + 0.3 * inputs[(w + 1) * LSTM.steps * LSTM.inputs - LSTM.inputs];
  });
  return { count, inputs, outlook, targets };
}

function headsOf(weights: Float64Array, windows: LstmWindows): number[] {
  const network = new LstmNetwork(weights);
  const width = LSTM.steps * LSTM.inputs;
  return Array.from({ length: windows.count }, (_, w) => [
    ...network.run(
      Float64Array.from(windows.inputs.subarray(w * width, (w + 1) * width)),
      Float64Array.from(windows.outlook.subarray(w * LSTM_OUTLOOK, (w + 1) * LSTM_OUTLOOK)),
    ),
  ]).flat();
}

describe("the LSTM", () => {
  it("has about 6,000 parameters", () => {
    expect(LSTM_PARAMETERS).toBe(6060);
  });

  it("gives in plain arithmetic the same as the backend that trains it", async () => {
    const windows = someWindows(5);
    const random = new RandomStream("weights");
    const weights = Float64Array.from({ length: LSTM_PARAMETERS }, () => Math.fround(0.3 * random.normal()));
    for (const name of ["wasm", "cpu"]) {
      const expected = lstmHeads(await openTensorflow(name), weights, windows);
      // Single precision over 24 steps of sums of 33 terms: 10⁻⁴ is some hundred roundings.
      headsOf(weights, windows).forEach((value, i) => {
        expect(Math.abs(value - expected[i])).toBeLessThan(1e-4 * (1 + Math.abs(expected[i])));
      });
    }
  });

  it("learns the same weights to the last bit from the same windows on one backend", async () => {
    const train = lstmTraining(await openTensorflow("wasm"));
    const windows = someWindows(40);
    expect(train(windows)).toEqual(train(windows));
  }, 120_000);

  it("learns what can be learnt: with 48 steps of gradient descent the error falls by a tenth", async () => {
    const windows = someWindows(256);
    const heads = headsOf(lstmTraining(await openTensorflow("wasm"))(windows), windows);
    let error = 0;
    let naive = 0;
    windows.targets.forEach((target, i) => {
      error += Math.abs(target - heads[i * LSTM.levels.length + 1]);
      naive += Math.abs(target);
    });
    expect(error).toBeLessThan(0.9 * naive);
  }, 120_000);

  it("forecasts the next twelve bins relative to the last value; beyond, nothing or yesterday", () => {
    // All weights 0: the heads say "as the last value".
    const train = (): Float64Array => new Float64Array(LSTM_PARAMETERS);
    const history = new BinHistory(0, HOUR);
    for (let t = 0; t < 24 * 12; t++) history.append(t % 24);
    const out = new Float64Array(13);
    const leads = Int32Array.from({ length: 13 }, (_, i) => i + 1);
    for (const beyond of ["nothing", "yesterday"] as const) {
      const model = new Lstm(train, beyond);
      model.restore(history, model.learn(history, history.length));
      model.predict(history, history.length, leads, out);
      out.subarray(0, 12).forEach((value) => {
        expect(value).toBeCloseTo(23, 9);
      });
      expect(out[12]).toBe(beyond === "nothing" ? Number.NaN : 12);
    }
  });

  it("is trained on windows that end before their targets", () => {
    let seen: LstmWindows | undefined;
    const model = new Lstm((windows) => {
      seen = windows;
      return new Float64Array(LSTM_PARAMETERS);
    });
    const history = new BinHistory(0, HOUR);
    for (let t = 0; t < 24 * 12; t++) history.append(t * t);
    model.learn(history, 24 * 11);
    const windows = seen as LstmWindows;
    expect(windows.count).toBe(24 * 11 - LSTM.leads - model.minimumBins(history.season) + 1);
    // On square roots the series is a line: the first target is one step above the last value,
    // each lead one more. So are the values of the last window.
    const first = windows.targets[0];
    windows.targets.forEach((target, i) => {
      expect(target).toBeCloseTo(first * ((i % LSTM.leads) + 1), 4);
    });
  });
});
