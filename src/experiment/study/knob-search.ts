import type { PolicyFrontier } from "../frontier/frontier.js";

/** Target shares of violating minutes of the fine pass, around 1 % and 0.1 %. */
export const WANTED_VIOLATIONS: readonly number[] = [0.016, 0.006, 0.0018, 0.0004];

/**
 * Settings estimated to give each share in `wanted`, from a coarse sweep: between two settings of
 * the grid, the logarithm of the knob is linear in that of the violation. Beyond the grid its end
 * is taken, once.
 */
export function settingsNear(frontier: PolicyFrontier, wanted: readonly number[]): number[] {
  const points = frontier.settings
    .map(({ value, violation }) => ({ value, violation: mean(violation) }))
    .filter(({ value }) => !Number.isNaN(value));
  const found = wanted.map((violation) => knobAt(points, violation));
  return [...new Set(found.map((value) => Number(value.toPrecision(4))))];
}

/**
 * Further settings, in case one replication misled the search: one with less capacity if no
 * setting of `fine` violates as much as `loose`, and one with more if none violates as little as
 * `strict`. Each is half-way (by the knob's logarithm) to the next value of the coarse sweep.
 * None beyond the grid: the policy then cannot reach the match.
 */
export function bracketing(fine: PolicyFrontier, coarse: PolicyFrontier, loose: number, strict: number): number[] {
  const tried = fine.settings.filter(({ value }) => !Number.isNaN(value));
  const grid = coarse.settings.map(({ value }) => value);
  if (tried.length === 0 || grid.length < 2) return [];
  const sign = grid[grid.length - 1] > grid[0] ? 1 : -1;
  const values = tried.map(({ value }) => value).sort((a, b) => sign * (a - b));
  const violations = tried.map(({ violation }) => mean(violation));
  const [thriftiest, mostGenerous] = [values[0], values[values.length - 1]];
  const found: number[] = [];
  const thriftier = grid.filter((value) => sign * (value - thriftiest) < 0).pop();
  if (Math.max(...violations) < loose && thriftier !== undefined) found.push(Math.sqrt(thriftier * thriftiest));
  const moreGenerous = grid.find((value) => sign * (value - mostGenerous) > 0);
  if (Math.min(...violations) > strict && moreGenerous !== undefined)
    found.push(Math.sqrt(moreGenerous * mostGenerous));
  return found.map((value) => Number(value.toPrecision(4)));
}

interface Tried {
  readonly value: number;
  readonly violation: number;
}

/**
 * `points` go from thrifty to generous. A setting without a violation counts as a tenth of the
 * least wanted share.
 */
function knobAt(points: readonly Tried[], wanted: number): number {
  const least = WANTED_VIOLATIONS[WANTED_VIOLATIONS.length - 1] / 10;
  const reached = points.findIndex((point) => point.violation <= wanted);
  if (reached < 0) return points[points.length - 1].value;
  if (reached === 0) return points[0].value;
  const [a, b] = [points[reached - 1], points[reached]];
  const share = Math.log(a.violation / wanted) / Math.log(a.violation / Math.max(least, b.violation));
  return a.value * Math.exp(Math.min(1, share) * Math.log(b.value / a.value));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
