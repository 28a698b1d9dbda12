import { BinHistory } from "../../../src/control/forecast/bin-history.js";
import type { PointModel } from "../../../src/control/forecast/point-model.js";
import { Dice } from "../../swarm/dice.js";

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY_MS = 24 * HOUR;

/** A history of these counts; NaN = unknown. */
export function historyOf(values: ArrayLike<number>, binMs = HOUR, startMs = 0): BinHistory {
  const history = new BinHistory(startMs, binMs);
  for (let i = 0; i < values.length; i++) history.append(values[i]);
  return history;
}

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

/**
 * Counts with a rhythm of days and weeks, a trend and scatter; each fortieth bin or so is unknown
 * if `gaps`. `dayBins` may be a fraction.
 */
export function scatteredCounts(seed: string, bins: number, dayBins: number, gaps = false): number[] {
  const dice = new Dice(seed);
  return Array.from({ length: bins }, (_, t) => {
    const day = t / dayBins;
    const usual = 120 + 50 * Math.sin(2 * Math.PI * day) + 20 * Math.cos((2 * Math.PI * day) / 7) + 0.4 * day;
    const count = Math.round(usual * dice.number(0.7, 1.3));
    return gaps && dice.chance(1 / 40) ? Number.NaN : count;
  });
}

/**
 * How far two rows of numbers are apart: the largest difference relative to 1 + the size. Infinity
 * where a number is missing or is none.
 */
export function distance(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(found[i] - wanted[i]) / (1 + Math.abs(wanted[i]));
    worst = Math.max(worst, Number.isNaN(off) ? Number.POSITIVE_INFINITY : off);
  }
  return worst;
}

/** A scale of counts by its definition, fitted to the first `end` values. */
export function plainScale(space: "identity" | "sqrt" | "log", values: ArrayLike<number>, end: number) {
  const seen = Array.from({ length: end }, (_, t) => values[t]);
  const offset = 0.5 + 0.02 * (seen.reduce((sum, value) => sum + value, 0) / end);
  const ceiling = 4 * Math.max(...seen) + 10;
  const ways = {
    identity: { into: (y: number) => y, from: (z: number) => z },
    sqrt: { into: Math.sqrt, from: (z: number) => Math.max(0, z) * z },
    log: { into: (y: number) => Math.log(y + offset), from: (z: number) => Math.exp(z) - offset },
  };
  const { into, from } = ways[space];
  return { offset, ceiling, into, from: (z: number) => Math.min(ceiling, Math.max(0, from(z))) };
}

/** A row of a regression. */
export interface PlainRow {
  readonly x: ArrayLike<number>;
  readonly y: number;
  readonly weight: number;
}

/**
 * Ridge regression by the definition: (XᵀWX + ridge · its diagonal) b = XᵀWy, by elimination with
 * pivots. A column of zeros gets 0.
 */
export function plainRidge(rows: readonly PlainRow[], ridge: (column: number) => number, columns: number): number[] {
  const system = Array.from({ length: columns }, (_, i) => {
    const line = new Float64Array(columns + 1);
    for (const { x, y, weight } of rows) {
      for (let j = 0; j < columns; j++) line[j] += weight * x[i] * x[j];
      line[columns] += weight * x[i] * y;
    }
    line[i] = line[i] === 0 ? 1 : line[i] * (1 + ridge(i));
    return line;
  });
  for (let i = 0; i < columns; i++) {
    const best = system.reduce((at, line, k) => (k >= i && Math.abs(line[i]) > Math.abs(system[at][i]) ? k : at), i);
    [system[i], system[best]] = [system[best], system[i]];
    for (let k = 0; k < columns; k++) {
      if (k === i) continue;
      const factor = system[k][i] / system[i][i];
      for (let j = i; j <= columns; j++) system[k][j] -= factor * system[i][j];
    }
  }
  return system.map((line, i) => line[columns] / line[i]);
}
