/** Sizes of the network: 24 bins in, 12 leads × 3 quantiles out, 6,060 parameters. */
export const LSTM = { steps: 24, inputs: 3, units: 30, leads: 12, levels: [0.1, 0.5, 0.9] } as const;
/** Same time yesterday and last week, at each lead. */
export const LSTM_OUTLOOK = 2 * LSTM.leads;
const HEADS = LSTM.leads * LSTM.levels.length;
const GATES = 4 * LSTM.units;

/**
 * Shapes of the weights in the order of the row: input, recurrence and bias of the gates (input,
 * forget, cell, output), then the heads.
 */
export const LSTM_SHAPES: readonly (readonly number[])[] = [
  [LSTM.inputs, GATES],
  [LSTM.units, GATES],
  [GATES],
  [LSTM.units + LSTM_OUTLOOK, HEADS],
  [HEADS],
];

export const LSTM_PARAMETERS = LSTM_SHAPES.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);

/**
 * The forward pass of a long short-term memory (Hochreiter and Schmidhuber 1997, with the forget
 * gate of Gers, Schmidhuber, Cummins 2000) with direct multi-step heads on its last state. Plain
 * arithmetic on plain numbers: 0.2 ms, and the same result on every machine.
 */
export class LstmNetwork {
  private readonly parts: readonly Float64Array[];
  private readonly state = new Float64Array(LSTM.units);
  private readonly cell = new Float64Array(LSTM.units);
  private readonly gates = new Float64Array(GATES);
  private readonly out = new Float64Array(HEADS);

  /** `weights`: Float64Array[LSTM_PARAMETERS]. */
  constructor(weights: Float64Array) {
    let at = 0;
    this.parts = LSTM_SHAPES.map((shape) => {
      const size = shape.reduce((a, b) => a * b, 1);
      at += size;
      return weights.subarray(at - size, at);
    });
  }

  /**
   * Heads for one window: `inputs` Float64Array[steps × inputs], `outlook` Float64Array[2 × leads].
   * The result [leads × levels] is reused.
   */
  run(inputs: Float64Array, outlook: Float64Array): Float64Array {
    this.state.fill(0);
    this.cell.fill(0);
    for (let t = 0; t < LSTM.steps; t++) this.step(inputs, t * LSTM.inputs);
    const [, , , heads, bias] = this.parts;
    this.out.set(bias);
    accumulate(this.out, this.state, 0, LSTM.units, heads, 0);
    accumulate(this.out, outlook, 0, LSTM_OUTLOOK, heads, LSTM.units);
    return this.out;
  }

  private step(inputs: Float64Array, from: number): void {
    const { units } = LSTM;
    const [input, recurrence, bias] = this.parts;
    this.gates.set(bias);
    accumulate(this.gates, inputs, from, LSTM.inputs, input, 0);
    accumulate(this.gates, this.state, 0, units, recurrence, 0);
    for (let u = 0; u < units; u++) {
      const kept = sigmoid(this.gates[units + u]) * this.cell[u];
      this.cell[u] = kept + sigmoid(this.gates[u]) * Math.tanh(this.gates[2 * units + u]);
    }
    for (let u = 0; u < units; u++) this.state[u] = sigmoid(this.gates[3 * units + u]) * Math.tanh(this.cell[u]);
  }
}

/** out += x[from, from + count) · matrix rows [firstRow, firstRow + count). */
function accumulate(
  out: Float64Array,
  x: Float64Array,
  from: number,
  count: number,
  matrix: Float64Array,
  firstRow: number,
): void {
  const columns = out.length;
  for (let i = 0; i < count; i++) {
    const value = x[from + i];
    const row = (firstRow + i) * columns;
    for (let j = 0; j < columns; j++) out[j] += value * matrix[row + j];
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
