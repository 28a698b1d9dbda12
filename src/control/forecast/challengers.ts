/** Forecasters outside the core that may shadow the serving one. */
export const CHALLENGERS = ["lstm", "ensemble-lstm", "mstl-ets"] as const;

export type Challenger = (typeof CHALLENGERS)[number];

const slow: ReadonlySet<string> = new Set<Challenger>(["lstm", "ensemble-lstm"]);

/** True if it learns for many seconds. It then never learns inline. */
export function isSlowForecaster(name: string): boolean {
  return slow.has(name);
}
