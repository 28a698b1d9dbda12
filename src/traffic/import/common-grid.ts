import { formatInstant } from "../../base/calendar.js";
import { InputError } from "../../base/errors.js";
import { formatDuration } from "../../base/units.js";
import type { RangeSeries } from "./prometheus-matrix.js";

/** A series with fewer samples may lack every second step by chance. */
const FEWEST_OF_A_STEP = 4;

/**
 * Series that are added up need one step and one phase. One query gives that: each sample lies at
 * start + k · step. Two rates of 10/s whose samples are half a step apart would else be read as
 * 10/s in steps of half the width: half of the requests. Throws InputError.
 */
export function requireCommonGrid(where: string, all: readonly RangeSeries[]): void {
  const grids = all.flatMap((series) => {
    const stepMs = smallestDistance(series.atMs);
    return series.atMs.length === 0 ? [] : [{ series, stepMs, firstMs: series.atMs[0] }];
  });
  const stepMs = Math.min(...grids.map((grid) => grid.stepMs));
  if (!Number.isFinite(stepMs)) return;
  const finest = grids.find((grid) => grid.stepMs === stepMs) ?? grids[0];
  for (const { series, firstMs, stepMs: ownMs } of grids) {
    const beside = `those of ${nameOf(finest.series)}`;
    if ((firstMs - finest.firstMs) % stepMs !== 0)
      throw gridError(where, `samples of ${nameOf(series)} at ${formatInstant(firstMs)}, between ${beside}`);
    if (ownMs > stepMs && series.atMs.length >= FEWEST_OF_A_STEP && Number.isFinite(ownMs)) {
      const each = `a sample of ${nameOf(series)} each ${formatDuration(ownMs)}`;
      throw gridError(where, `${each}, and ${beside} each ${formatDuration(stepMs)}`);
    }
  }
}

function gridError(where: string, got: string): InputError {
  return new InputError({
    code: "HR1406",
    where,
    got,
    expected: "series of one step",
    remedy:
      "Ask for all of them in one query, such as sum(rate(NAME[5m])). If rate() " +
      "leaves every second step empty, widen [5m] to four scrape intervals",
  });
}

function smallestDistance(atMs: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < atMs.length; i++) least = Math.min(least, Math.abs(atMs[i] - atMs[i - 1]));
  return least;
}

/** Labels that are shown. */
const LABELS_SHOWN = 3;

function nameOf({ labels }: RangeSeries): string {
  const shown = [...labels].slice(0, LABELS_SHOWN).map(([name, value]) => `${name}="${value}"`);
  return `{${shown.join(", ").slice(0, 120)}${labels.size > LABELS_SHOWN ? ", …" : ""}}`;
}
