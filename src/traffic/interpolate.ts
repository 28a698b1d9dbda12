/**
 * Fills unknown values on a straight line between the known neighbours, at the ends with the
 * nearest; returns how many.
 */
export function interpolate(values: Float64Array): number {
  let filled = 0;
  let known = -1;
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && Number.isNaN(values[i])) continue;
    const gap = i - known - 1;
    for (let j = known + 1; j < i; j++) {
      if (known < 0 && i === values.length) return filled;
      if (known < 0) values[j] = values[i];
      else if (i === values.length) values[j] = values[known];
      else values[j] = values[known] + ((values[i] - values[known]) * (j - known)) / (gap + 1);
      filled++;
    }
    known = i;
  }
  return filled;
}
