import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import {
  LSTM,
  LSTM_OUTLOOK,
  LSTM_PARAMETERS,
  LSTM_SHAPES,
  LstmNetwork,
} from "../../../src/control/forecast/lstm-network.js";
import { distance } from "./plain-model.js";

type Matrix = readonly (readonly number[])[];

function draws(name: string, length: number): Float64Array {
  const random = new RandomStream(name);
  return Float64Array.from({ length }, () => 0.4 * random.normal());
}

/** The weights as matrices, row by row in the order of the shapes. */
function matrices(weights: Float64Array): Matrix[] {
  let at = 0;
  const take = (rows: number, columns: number): Matrix =>
    Array.from({ length: rows }, () => {
      at += columns;
      return Array.from(weights.subarray(at - columns, at));
    });
  return [take(3, 120), take(30, 120), take(1, 120), take(54, 36), take(1, 36)];
}

function product(x: readonly number[], matrix: Matrix, bias: readonly number[]): number[] {
  return bias.map((start, j) => x.reduce((sum, value, i) => sum + value * matrix[i][j], start));
}

/** The equations of Gers, Schmidhuber and Cummins, with the gates in the order i, f, c, o. */
function plainHeads(weights: Float64Array, inputs: Float64Array, outlook: Float64Array): number[] {
  const [input, recurrence, [bias], heads, [headBias]] = matrices(weights);
  const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
  let h: number[] = new Array(30).fill(0);
  let c: number[] = new Array(30).fill(0);
  for (let t = 0; t < 24; t++) {
    const z = product([...inputs.subarray(3 * t, 3 * t + 3), ...h], [...input, ...recurrence], bias);
    const gate = (which: number): number[] => z.slice(30 * which, 30 * (which + 1));
    const [i, f, o] = [gate(0), gate(1), gate(3)].map((values) => values.map(sigmoid));
    const candidate = gate(2).map(Math.tanh);
    c = c.map((cell, u) => f[u] * cell + i[u] * candidate[u]);
    h = c.map((cell, u) => o[u] * Math.tanh(cell));
  }
  return product([...h, ...outlook], heads, headBias);
}

describe("the network of the LSTM", () => {
  it("has 24 steps of 3 inputs, 30 units, and heads for 12 leads and three levels", () => {
    expect(LSTM).toEqual({ steps: 24, inputs: 3, units: 30, leads: 12, levels: [0.1, 0.5, 0.9] });
    expect(LSTM_SHAPES).toEqual([[3, 120], [30, 120], [120], [54, 36], [36]]);
    expect([LSTM_OUTLOOK, LSTM_PARAMETERS]).toEqual([24, 360 + 3600 + 120 + 1944 + 36]);
  });

  it("is the equations of a long short-term memory, and forgets one window before the next", () => {
    const weights = draws("weights", LSTM_PARAMETERS);
    const network = new LstmNetwork(weights);
    for (let window = 0; window < 3; window++) {
      const inputs = draws(`inputs ${window}`, 72);
      const outlook = draws(`outlook ${window}`, 24);
      expect(distance(network.run(inputs, outlook), plainHeads(weights, inputs, outlook))).toBeLessThan(1e-12);
    }
  });
});
