import { mean } from "./statistics.js";
import { studentQuantile } from "./student.js";

/**
 * A control is collinear, and dropped, if the controls before it leave less than this share of its
 * variance.
 */
const COLLINEAR = 1e-9;

export interface ControlledEstimate {
  readonly mean: number;
  /** NaN if too few values are left for an interval. */
  readonly halfWidth: number;
  readonly degrees: number;
}

/**
 * The mean of independent values, corrected by control variates (Lavenberg, Welch 1981). Each
 * control has a known mean of 0, so its sample mean is a known error. The regression of the values
 * on the controls gives how much of that error the values carry.
 * Least squares with intercept; Student's interval with n − q − 1 degrees of freedom. It is exact
 * if values and controls are jointly normal; means over long runs nearly are. Without controls it
 * is the plain mean with its interval. `controls[q][i]` belongs to `values[i]`.
 */
export function controlledEstimate(
  values: readonly number[],
  controls: readonly (readonly number[])[],
  confidence: number,
): ControlledEstimate {
  const n = values.length;
  let estimate = mean(values);
  let residual = centred(values);
  let leverage = 1 / n;
  let used = 0;
  const basis: { readonly direction: number[]; readonly offset: number; readonly square: number }[] = [];
  for (const control of controls) {
    const total = square(centred(control));
    let direction = centred(control);
    let offset = mean(control);
    for (const earlier of basis) {
      const share = product(direction, earlier.direction) / earlier.square;
      direction = minus(direction, share, earlier.direction);
      offset -= share * earlier.offset;
    }
    const left = square(direction);
    if (!(left > COLLINEAR * total)) continue;
    basis.push({ direction, offset, square: left });
    const slope = product(residual, direction) / left;
    residual = minus(residual, slope, direction);
    estimate -= slope * offset;
    leverage += (offset * offset) / left;
    used++;
  }
  const degrees = n - used - 1;
  if (degrees < 1) return { mean: estimate, halfWidth: Number.NaN, degrees };
  const quantile = studentQuantile(0.5 + confidence / 2, degrees);
  return { mean: estimate, halfWidth: quantile * Math.sqrt((square(residual) / degrees) * leverage), degrees };
}

function centred(values: readonly number[]): number[] {
  const centre = mean(values);
  return values.map((value) => value - centre);
}

function minus(from: readonly number[], factor: number, what: readonly number[]): number[] {
  return from.map((value, i) => value - factor * what[i]);
}

function product(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function square(a: readonly number[]): number {
  return product(a, a);
}
