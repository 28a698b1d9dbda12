import { areClose, bracketOf, type FrontierPoint } from "./curve.js";
import { frontOf, knobBetween, type Setting } from "./matched.js";

/** The matches at which a frontier is read. */
export interface WantedMatches {
  readonly violations: readonly number[];
  readonly cost?: number;
}

/** Digits of a knob's value: two values that differ by less than 1 in 10,000 are one setting. */
const KNOB_DIGITS = 4;
/**
 * A gap below this share of the cost is not worth a run: the setting that is used costs at most
 * that much too much.
 */
const SMALL_GAP = 0.01;

/**
 * Values of the knob that are worth a run: half-way (by the knob's logarithm) between the two
 * settings around each wanted match, if these are too far apart for an interpolation. None if
 * they are close, if their costs are within 1 %, at the end of the knob's grid, if half-way
 * was tried already, or if it gives the same policy as the generous one (`isSame`): 1.05 and 1.1
 * times 10 streamlets are both 11, and nothing lies between 10 and 11.
 */
export function valuesToTry(
  settings: readonly Setting[],
  wanted: WantedMatches,
  isSame: (a: number, b: number) => boolean = () => false,
): number[] {
  const front = frontOf(settings);
  const pairs = wanted.violations.map((violation) => bracketOf(front, (point) => point.violation <= violation));
  const { cost } = wanted;
  if (cost !== undefined) pairs.push(bracketOf(front, (point) => point.cost > cost));
  const found = pairs.flatMap((pair) => {
    if (pair?.thrifty === undefined || isNarrow(pair.thrifty, pair.generous)) return [];
    const [thrifty, generous] = [pair.thrifty.setting.value, pair.generous.setting.value];
    const between = Number(knobBetween(thrifty, generous, 0.5).toPrecision(KNOB_DIGITS));
    return isSame(between, generous) ? [] : [between];
  });
  const tried = new Set(settings.map((setting) => setting.value));
  return [...new Set(found)].filter((value) => !tried.has(value) && !Number.isNaN(value));
}

function isNarrow(thrifty: FrontierPoint, generous: FrontierPoint): boolean {
  return areClose(thrifty, generous) || generous.cost <= (1 + SMALL_GAP) * thrifty.cost;
}
