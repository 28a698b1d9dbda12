import { areClose, bracketOf, type FrontierPoint } from "./curve.js";
import { frontOf, knobBetween, type Setting } from "./matched.js";

/** What a frontier is to be read at. */
export interface WantedMatches {
  readonly violations: readonly number[];
  readonly cost?: number;
}

/** Digits of a knob's value: two values that differ by less than 1 in 10,000 are one setting. */
const KNOB_DIGITS = 4;
/**
 * A gap below this share of the cost is not worth a run: the setting that holds is at most that
 * much too expensive.
 */
const SMALL_GAP = 0.01;

/**
 * Values of the knob that are still worth a run: half-way (by the knob's logarithm) between the two
 * settings around each wanted match, where these do not lie close enough to read the frontier
 * between them. None where they do, where their costs are within 1 %, where the knob's grid ends,
 * or where half-way was tried already.
 */
export function valuesToTry(settings: readonly Setting[], wanted: WantedMatches): number[] {
  const front = frontOf(settings);
  const pairs = wanted.violations.map((violation) => bracketOf(front, (point) => point.violation <= violation));
  const { cost } = wanted;
  if (cost !== undefined) pairs.push(bracketOf(front, (point) => point.cost > cost));
  const found = pairs.flatMap((pair) => {
    if (pair?.thrifty === undefined || isNarrow(pair.thrifty, pair.generous)) return [];
    return [Number(knobBetween(pair.thrifty.setting.value, pair.generous.setting.value, 0.5).toPrecision(KNOB_DIGITS))];
  });
  const tried = new Set(settings.map((setting) => setting.value));
  return [...new Set(found)].filter((value) => !tried.has(value) && !Number.isNaN(value));
}

function isNarrow(thrifty: FrontierPoint, generous: FrontierPoint): boolean {
  return areClose(thrifty, generous) || generous.cost <= (1 + SMALL_GAP) * thrifty.cost;
}
