import type { BinHistory } from "./bin-history.js";
import { CountScale } from "./count-space.js";
import { LSTM, LSTM_OUTLOOK, LSTM_PARAMETERS, LstmNetwork } from "./lstm-network.js";
import type { PointModel } from "./point-model.js";
import type { Season } from "./season.js";
import { Track } from "./track.js";

/** Windows to learn from; `inputs[i]`, `outlook[i]`, `targets[i]` belong together. */
export interface LstmWindows {
  readonly count: number;
  /** Float32Array[count × steps × inputs]. */
  readonly inputs: Float32Array;
  /** Float32Array[count × 2·leads]. */
  readonly outlook: Float32Array;
  /** Float32Array[count × leads]. */
  readonly targets: Float32Array;
}

/**
 * Learns weights from windows: Float64Array[LSTM_PARAMETERS]. An adapter outside the core computes
 * the gradients.
 */
export type TrainLstm = (windows: LstmWindows) => Float64Array;

const MOST_WINDOWS = 1280;
/** Offsets beyond this many scales are outliers that would dominate the gradients. */
const CLIP = 6;
const MEDIAN = LSTM.levels.indexOf(0.5);

/**
 * A small recurrent network that forecasts the next twelve bins at once, relative to the last
 * value. Its inputs are the last 24 bins and the values at the same time yesterday and last week.
 * All are offsets of square roots from the last value, in units of the usual daily change. Beyond
 * twelve bins it has no forecast, or repeats yesterday.
 */
export class Lstm implements PointModel {
  readonly name = "lstm";
  readonly isWeekly = true;
  readonly isSlow = true;
  private readonly scale = new CountScale("sqrt");
  private readonly values = new Track();
  private unit = 1;
  private network: LstmNetwork | undefined;
  private readonly inputs = new Float64Array(LSTM.steps * LSTM.inputs);
  private readonly outlook = new Float64Array(LSTM_OUTLOOK);

  constructor(
    private readonly train: TrainLstm,
    private readonly beyond: "nothing" | "yesterday" = "nothing",
  ) {}

  minimumBins(season: Season): number {
    if (season.dayBins === 0) return Number.POSITIVE_INFINITY;
    return season.weekBins + season.dayBins + LSTM.steps;
  }

  learn(history: BinHistory, end: number): Float64Array {
    const scale = this.scale.adapt(history.values.data, end);
    this.values.clear();
    this.extend(history);
    this.unit = this.usualChange(end);
    const weights = this.train(this.windows(history, end));
    return Float64Array.of(...scale, this.unit, ...weights);
  }

  restore(history: BinHistory, parameters: Float64Array): void {
    this.scale.restore(parameters[0], parameters[1]);
    this.unit = parameters[2];
    this.network = new LstmNetwork(parameters.slice(3, 3 + LSTM_PARAMETERS));
    this.values.clear();
    this.extend(history);
  }

  extend(history: BinHistory): void {
    for (let t = this.values.length; t < history.length; t++)
      this.values.append(this.scale.into(history.values.data[t]));
  }

  dropFirst(bins: number): void {
    this.values.dropFirst(bins);
  }

  predict(history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    this.look(history, end);
    const heads = this.network?.run(this.inputs, this.outlook);
    const last = this.values.data[end - 1];
    for (let k = 0; k < leads.length; k++) {
      const head = heads?.[(leads[k] - 1) * LSTM.levels.length + MEDIAN];
      if (head !== undefined) out[k] = this.scale.from(last + this.unit * head);
      else out[k] = this.beyond === "nothing" ? Number.NaN : yesterday(history, end, leads[k]);
    }
  }

  /** Fills `inputs` and `outlook` from history[0, end). */
  private look(history: BinHistory, end: number): void {
    const { dayBins, weekBins } = history.season;
    const y = this.values.data;
    const last = y[end - 1];
    const offset = (t: number): number => Math.max(-CLIP, Math.min(CLIP, (y[t] - last) / this.unit));
    for (let i = 0; i < LSTM.steps; i++) {
      const t = end - LSTM.steps + i;
      this.inputs[i * LSTM.inputs] = offset(t);
      this.inputs[i * LSTM.inputs + 1] = offset(t - dayBins);
      this.inputs[i * LSTM.inputs + 2] = offset(t - weekBins);
    }
    for (let k = 0; k < LSTM.leads; k++) {
      // A day of fewer than twelve bins: the target's time of day was last seen on an earlier day.
      const days = dayBins * Math.ceil((k + 1) / dayBins);
      this.outlook[2 * k] = offset(end + k - days);
      this.outlook[2 * k + 1] = offset(end + k - weekBins);
    }
  }

  private windows(history: BinHistory, end: number): LstmWindows {
    const from = this.minimumBins(history.season);
    const last = end - LSTM.leads;
    const stride = Math.max(1, Math.ceil((last - from + 1) / MOST_WINDOWS));
    const count = Math.max(0, Math.floor((last - from) / stride) + 1);
    const inputs = new Float32Array(count * this.inputs.length);
    const outlook = new Float32Array(count * LSTM_OUTLOOK);
    const targets = new Float32Array(count * LSTM.leads);
    for (let i = 0; i < count; i++) {
      const at = last - (count - 1 - i) * stride;
      this.look(history, at);
      inputs.set(this.inputs, i * this.inputs.length);
      outlook.set(this.outlook, i * LSTM_OUTLOOK);
      for (let k = 0; k < LSTM.leads; k++) {
        const change = (this.values.data[at + k] - this.values.data[at - 1]) / this.unit;
        targets[i * LSTM.leads + k] = Math.max(-2 * CLIP, Math.min(2 * CLIP, change));
      }
    }
    return { count, inputs, outlook, targets };
  }

  /** Root mean square of the change over a dozen bins. */
  private usualChange(end: number): number {
    let sum = 0;
    for (let t = LSTM.leads; t < end; t++) {
      const change = this.values.data[t] - this.values.data[t - LSTM.leads];
      sum += change * change;
    }
    return Math.max(1e-3, Math.sqrt(sum / Math.max(1, end - LSTM.leads)));
  }
}

function yesterday(history: BinHistory, end: number, lead: number): number {
  const { dayBins } = history.season;
  return history.values.data[end - dayBins + ((lead - 1) % dayBins)];
}
