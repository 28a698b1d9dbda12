/**
 * The value of a stream of that minute by its age, which counts from the middle of the minute: it
 * lies between those of the whole and half ages around its own. From the first whole five minutes
 * of run time on at which it is 20 min old, it lies between those of the ages at such instants.
 */
export function byAge(nowMin: number, minute: number, valueAt: (ageMin: number) => number): number {
  const at = nowMin - 0.5;
  const step = 5 * Math.floor(at / 5) - minute >= 20 ? 5 : 0.5;
  const before = Math.floor(at / step) * step;
  const part = (at - before) / step;
  const early = valueAt(Math.max(0, before - minute));
  return early + part * (valueAt(Math.max(0, before + step - minute)) - early);
}
