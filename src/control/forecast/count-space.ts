/** Where counts are modelled: as they are, by their square root (Anscombe 1948: even scatter), or by their logarithm (products become sums). */
export type CountSpace = "identity" | "sqrt" | "log";

/** The value in the space; `offset` keeps the logarithm of 0 finite. */
export function intoSpace(space: CountSpace, value: number, offset: number): number {
  if (space === "identity") return value;
  return space === "sqrt" ? Math.sqrt(value) : Math.log(value + offset);
}

/** Back from the space; never negative, never above `ceiling` (a logarithm that errs by 10 is a count that errs by 22,000 times). */
export function fromSpace(space: CountSpace, value: number, offset: number, ceiling: number): number {
  if (space === "identity") return Math.min(ceiling, Math.max(0, value));
  if (space === "sqrt") return value <= 0 ? 0 : Math.min(ceiling, value * value);
  return Math.min(ceiling, Math.max(0, Math.exp(Math.min(value, 60)) - offset));
}
