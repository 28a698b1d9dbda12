/**
 * The decimal place to which an interval of this half width is written: that of the second
 * significant digit of the half width. 2 = hundredths, 0 = ones, −3 = thousands. `halfWidth` > 0.
 */
export function decimalPlaceOf(halfWidth: number): number {
  const rounded = Number(halfWidth.toPrecision(2));
  return 1 - Math.floor(Math.log10(rounded) + 1e-12);
}

/** The value rounded to a decimal place of 0 or less: −3 rounds to thousands. */
export function roundToPlace(value: number, place: number): number {
  const step = Number(`1e${-place}`);
  return Math.round(value / step) * step;
}
