import { RandomStream } from "../base/random.js";
import type { TraceTable } from "../world/scenario/resources.js";

/**
 * A burst put into a trace: at an instant, `height` times the level on top of it, falling to 1/e in
 * `decayMs`.
 */
export interface Spike {
  readonly atMs: number;
  readonly height: number;
  readonly decayMs: number;
}

type Change = (table: TraceTable) => TraceTable;

/**
 * Keeps each request with this probability; above 1, copies it that many times. Counts stay
 * whole, and Poisson traffic stays Poisson.
 */
export function thinned(share: number, seed: number): Change {
  return (table) =>
    mapColumns(table, (column, s) => {
      const random = new RandomStream(`${seed}/thin/${s}`);
      return column.map((value) => (Number.isNaN(value) ? value : resampled(value, share, random)));
    });
}

/** Stretches time: an hour becomes `factor` hours. Bin width and rate stay. */
export function stretched(factor: number): Change {
  return (table) =>
    mapColumns(table, (column) =>
      Float64Array.from({ length: Math.max(2, Math.round(column.length * factor)) }, (_, i) =>
        meanBetween(column, i / factor, (i + 1) / factor),
      ),
    );
}

/** Moves the whole trace in time, by a whole number of bins. */
export function shifted(byMs: number): Change {
  return (table) => ({ ...table, startMs: table.startMs + Math.round(byMs / table.binMs) * table.binMs });
}

/** Adds a burst to all series alike. */
export function withSpike(spike: Spike): Change {
  return (table) =>
    mapColumns(table, (column) =>
      column.map((value, i) => {
        const sinceMs = table.startMs + (i + 1) * table.binMs - spike.atMs;
        return sinceMs <= 0 ? value : Math.round(value * (1 + spike.height * Math.exp(-sinceMs / spike.decayMs)));
      }),
    );
}

/**
 * Adds two traces over the time that both cover: series of the same name are summed, others are
 * kept. The bins must be equal.
 */
export function superposed(other: TraceTable): Change {
  return (table) => {
    const startMs = Math.max(table.startMs, other.startMs);
    const endMs = Math.min(endOf(table), endOf(other));
    const bins = Math.round((endMs - startMs) / table.binMs);
    const columns = new Map<string, { labels: TraceTable["series"][number]; values: Float64Array }>();
    for (const source of [table, other]) {
      const offset = Math.round((startMs - source.startMs) / source.binMs);
      source.series.forEach((labels, s) => {
        const key = `${labels.region}\u0000${labels.format}\u0000${labels.segment}`;
        const sum = columns.get(key) ?? { labels, values: new Float64Array(bins) };
        columns.set(key, sum);
        for (let i = 0; i < bins; i++) sum.values[i] += source.values[s][offset + i];
      });
    }
    const all = [...columns.values()];
    const has = (name: "region" | "format" | "segment"): boolean => table.columns[name] || other.columns[name];
    return {
      ...table,
      startMs,
      columns: { region: has("region"), format: has("format"), segment: has("segment") },
      series: all.map((one) => one.labels),
      values: all.map((one) => one.values),
    };
  };
}

/** The end of a trace, ms since 1970. */
export function endOf(table: TraceTable): number {
  return table.startMs + table.values[0].length * table.binMs;
}

function mapColumns(table: TraceTable, change: (column: Float64Array, series: number) => Float64Array): TraceTable {
  return { ...table, values: table.values.map(change) };
}

/**
 * Binomial below a share of 1. Above it each request is copied, the fraction by chance. Large
 * counts use the normal distribution.
 */
function resampled(value: number, share: number, random: RandomStream): number {
  const copies = Math.floor(share);
  const rest = share - copies;
  const whole = Math.floor(value) + (random.uniform() < value - Math.floor(value) ? 1 : 0);
  return whole * copies + binomial(whole, rest, random);
}

/** From n = 1,000 on a normal variable is used; its error is below a tenth of one request. */
function binomial(n: number, p: number, random: RandomStream): number {
  if (p === 0) return 0;
  if (n >= 1000) return Math.min(n, Math.max(0, Math.round(n * p + Math.sqrt(n * p * (1 - p)) * random.normal())));
  let count = 0;
  for (let i = 0; i < n; i++) if (random.uniform() < p) count++;
  return count;
}

/** Mean of a step function over [from, to), in bins. */
function meanBetween(column: Float64Array, from: number, to: number): number {
  let sum = 0;
  const last = Math.min(column.length, to);
  for (let i = Math.floor(from); i < last; i++) sum += column[i] * (Math.min(i + 1, last) - Math.max(i, from));
  return sum / Math.max(1e-12, last - from);
}
