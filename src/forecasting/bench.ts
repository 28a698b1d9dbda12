import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../base/errors.js";
import type { Forecaster, Series } from "../ports/forecaster.js";

/** One series of the bench and the origins from which it is to be forecast. */
export interface BenchSeries {
  readonly name: string;
  readonly series: Series;
  /** Bins to forecast at each origin: a day. */
  readonly horizon: number;
  /** How many bins before the origin may be read. */
  readonly trainCap: number;
  readonly origins: readonly number[];
}

/** The quantiles that the bench asks for. */
export const BENCH_LEVELS = [0.5, 0.9, 0.95] as const;

/** One line of the bench's output. */
export interface BenchLine {
  readonly series: string;
  readonly method: string;
  readonly origin: number;
  readonly q: readonly (readonly number[])[];
}

/**
 * Reads `origins.json` and the series that it names. Throws InputError where the folder is not such
 * a bench.
 */
export function readBench(folder: string): BenchSeries[] {
  const path = join(folder, "origins.json");
  if (!existsSync(path)) {
    throw new InputError({
      code: "HR1801",
      where: folder,
      got: "no origins.json",
      expected: "a folder in the layout of the forecasting bench",
    });
  }
  const meta: unknown = parseJson(path);
  if (typeof meta !== "object" || meta === null)
    throw new InputError({ code: "HR1801", where: path, got: "no object", expected: "one entry per series" });
  return Object.entries(meta).map(([name, entry]) => readSeries(folder, path, name, entry));
}

function readSeries(folder: string, path: string, name: string, entry: unknown): BenchSeries {
  const { m, train_cap: trainCap, origins } = entry as { m?: unknown; train_cap?: unknown; origins?: unknown };
  if (typeof m !== "number" || typeof trainCap !== "number" || !Array.isArray(origins)) {
    throw new InputError({
      code: "HR1801",
      where: path,
      got: `an incomplete entry for "${name}"`,
      expected: "m, train_cap and origins",
    });
  }
  const file = join(folder, `${name}.csv`);
  if (!existsSync(file))
    throw new InputError({
      code: "HR1801",
      where: file,
      got: "no such file",
      expected: `the series that origins.json names`,
    });
  const rows = readFileSync(file, "utf8").trim().split("\n").slice(1);
  const startMs = Date.parse(rows[0]?.split(",")[1] ?? "");
  if (Number.isNaN(startMs))
    throw new InputError({
      code: "HR1801",
      where: { file, line: 2 },
      got: "no timestamp",
      expected: "i,timestamp,value,observed",
    });
  const values = Float64Array.from(rows, (row) => Number(row.split(",")[2]));
  const outside = origins.find((o) => !(Number.isInteger(o) && o > 0 && o <= values.length));
  if (outside !== undefined)
    throw new InputError({
      code: "HR1801",
      where: path,
      got: `origin ${outside} of "${name}"`,
      expected: `1 to ${values.length}`,
    });
  return {
    name,
    series: { startMs, binMs: 86_400_000 / m, values },
    horizon: m,
    trainCap,
    origins: origins as number[],
  };
}

/** Forecasts one origin by the protocol: the model gets only the `trainCap` bins before it. */
export function forecastOrigin(bench: BenchSeries, origin: number, forecaster: Forecaster): BenchLine {
  const { startMs, binMs, values } = bench.series;
  const from = Math.max(0, origin - bench.trainCap);
  forecaster.fit({ startMs: startMs + from * binMs, binMs, values: values.slice(from, origin) });
  const { quantiles } = forecaster.forecast(bench.horizon, BENCH_LEVELS);
  const q = quantiles.map((row) => Array.from(row, (value) => Number(value.toPrecision(7))));
  return { series: bench.name, method: forecaster.name, origin, q };
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new InputError({
      code: "HR1110",
      where: path,
      got: cause instanceof Error ? cause.message : String(cause),
      expected: "JSON",
    });
  }
}
