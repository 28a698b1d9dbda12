export interface TimedPair {
  readonly ours: number;
  readonly theirs: number;
}

export interface PairedVerdict {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly chance: number;
  readonly verdict: string;
}

export function signFlipChance(logRatios: readonly number[]): number;
export function judge(pairs: readonly TimedPair[], moreIsBetter?: boolean): PairedVerdict;
