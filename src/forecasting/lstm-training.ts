import type { Scalar, Tensor, Tensor2D, Tensor3D, Variable } from "@tensorflow/tfjs-core";
import { RandomStream } from "../base/random.js";
import type { LstmWindows, TrainLstm } from "../control/forecast/lstm.js";
import { LSTM, LSTM_OUTLOOK, LSTM_SHAPES } from "../control/forecast/lstm-network.js";
import type { TensorflowBackend } from "./tensorflow-backend.js";

type Core = TensorflowBackend["tf"];

const EPOCHS = 12;
const BATCH = 64;
/** Adam (Kingma and Ba 2015); the learning rate falls linearly to a tenth of this. */
const LEARNING_RATE = 0.006;

/**
 * Trains the LSTM with its own cell on the core of TensorFlow.js: layers would cost three times as
 * much in calls. Weights, and the order of the windows, come from a named stream: the same windows
 * give the same weights on the same backend.
 */
export function lstmTraining({ tf }: TensorflowBackend): TrainLstm {
  return (windows) => {
    const random = new RandomStream("lstm");
    const weights = LSTM_SHAPES.map((shape, i) => tf.variable(tf.tensor(initial(shape, i, random), [...shape])));
    const optimiser = tf.train.adam(LEARNING_RATE);
    const batches = Math.max(1, Math.ceil(windows.count / BATCH));
    for (let epoch = 0; epoch < EPOCHS && windows.count > 0; epoch++) {
      const order = shuffled(windows.count, random);
      for (let b = 0; b < batches; b++) {
        const progress = (epoch * batches + b) / (EPOCHS * batches);
        (optimiser as unknown as { learningRate: number }).learningRate = LEARNING_RATE * (1 - 0.9 * progress);
        tf.tidy(() => {
          const batch = tensorsOf(tf, windows, order.subarray(b * BATCH, (b + 1) * BATCH));
          optimiser.minimize(() => loss(tf, weights, batch), false, weights);
        });
      }
    }
    const learnt = Float64Array.from(weights.flatMap((variable) => Array.from(variable.dataSync())));
    for (const variable of weights) variable.dispose();
    optimiser.dispose();
    return learnt;
  };
}

/**
 * The heads of some windows for given weights, computed by the backend: Float32Array[windows ×
 * leads × levels]. `LstmNetwork` must agree with them.
 */
export function lstmHeads({ tf }: TensorflowBackend, row: Float64Array, windows: LstmWindows): Float32Array {
  return tf.tidy(() => {
    let at = 0;
    const weights = LSTM_SHAPES.map((shape) => {
      const size = shape.reduce((a, b) => a * b, 1);
      at += size;
      return tf.tensor(Float32Array.from(row.subarray(at - size, at)), [...shape]);
    });
    const all = Int32Array.from({ length: windows.count }, (_, i) => i);
    return forward(tf, weights, tensorsOf(tf, windows, all)).dataSync() as Float32Array;
  });
}

interface Batch {
  readonly size: number;
  readonly inputs: Tensor2D;
  readonly outlook: Tensor2D;
  readonly targets: Tensor3D;
}

function tensorsOf(tf: Core, windows: LstmWindows, chosen: Int32Array): Batch {
  const width = LSTM.steps * LSTM.inputs;
  const inputs = new Float32Array(chosen.length * width);
  const outlook = new Float32Array(chosen.length * LSTM_OUTLOOK);
  const targets = new Float32Array(chosen.length * LSTM.leads);
  chosen.forEach((w, i) => {
    // Time runs first: one step of the whole batch lies together.
    for (let t = 0; t < LSTM.steps; t++) {
      const from = w * width + t * LSTM.inputs;
      inputs.set(windows.inputs.subarray(from, from + LSTM.inputs), (t * chosen.length + i) * LSTM.inputs);
    }
    outlook.set(windows.outlook.subarray(w * LSTM_OUTLOOK, (w + 1) * LSTM_OUTLOOK), i * LSTM_OUTLOOK);
    targets.set(windows.targets.subarray(w * LSTM.leads, (w + 1) * LSTM.leads), i * LSTM.leads);
  });
  return {
    size: chosen.length,
    inputs: tf.tensor2d(inputs, [LSTM.steps * chosen.length, LSTM.inputs]),
    outlook: tf.tensor2d(outlook, [chosen.length, LSTM_OUTLOOK]),
    targets: tf.tensor3d(targets, [chosen.length, LSTM.leads, 1]),
  };
}

/** Mean pinball loss over heads and leads (Koenker and Bassett 1978). */
function loss(tf: Core, weights: readonly Variable[], batch: Batch): Scalar {
  const heads = tf.reshape(forward(tf, weights, batch), [batch.size, LSTM.leads, LSTM.levels.length]);
  const error = tf.sub(batch.targets, heads);
  const levels = tf.tensor1d([...LSTM.levels]);
  return tf.mean(tf.maximum(tf.mul(error, levels), tf.mul(error, tf.sub(levels, 1)))) as Scalar;
}

function forward(tf: Core, weights: readonly Tensor[], batch: Batch): Tensor2D {
  const [input, recurrence, bias, heads, headBias] = weights as readonly Tensor2D[];
  const { units, steps } = LSTM;
  const fed = tf.add(tf.matMul(batch.inputs, input), bias);
  let state = tf.zeros([batch.size, units]) as Tensor2D;
  let cell = tf.zeros([batch.size, units]) as Tensor2D;
  for (let t = 0; t < steps; t++) {
    const gates = tf.add(tf.slice(fed, [t * batch.size, 0], [batch.size, 4 * units]), tf.matMul(state, recurrence));
    const [enter, keep, fresh, show] = tf.split(gates, 4, 1);
    cell = tf.add(tf.mul(tf.sigmoid(keep), cell), tf.mul(tf.sigmoid(enter), tf.tanh(fresh)));
    state = tf.mul(tf.sigmoid(show), tf.tanh(cell));
  }
  return tf.add(tf.matMul(tf.concat([state, batch.outlook], 1), heads), headBias);
}

/**
 * Glorot's uniform law (Glorot and Bengio 2010) for matrices; biases 0, but 1 for the forget gate
 * (Gers et al. 2000).
 */
function initial(shape: readonly number[], index: number, random: RandomStream): Float32Array {
  const size = shape.reduce((a, b) => a * b, 1);
  if (shape.length === 1) {
    const forget = (i: number): boolean => index === 2 && i >= LSTM.units && i < 2 * LSTM.units;
    return Float32Array.from({ length: size }, (_, i) => (forget(i) ? 1 : 0));
  }
  const bound = Math.sqrt(6 / (shape[0] + shape[1]));
  return Float32Array.from({ length: size }, () => bound * (2 * random.uniform() - 1));
}

/** Fisher and Yates (1938). */
function shuffled(count: number, random: RandomStream): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integerBelow(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
