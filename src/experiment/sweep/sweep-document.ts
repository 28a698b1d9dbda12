import type { MeanEstimate } from "../../base/statistics.js";
import type { SloOutcome } from "../result.js";

export type SettingValues = Readonly<Record<string, string | number | boolean>>;

/** One point under one policy. */
export interface SettingFigures {
  readonly values: SettingValues;
  readonly policy: string;
  readonly cost: MeanEstimate;
  readonly slo: SloOutcome | null;
  /** Null without an SLO. */
  readonly meets: boolean | null;
}

export interface SweepBest extends SettingFigures {
  readonly costMetric: "cost" | "streamletHours";
  /** The next setting of the same standing: how much dearer it is, paired over the seeds; null where there is none. */
  readonly runnerUp: {
    readonly values: SettingValues;
    readonly policy: string;
    readonly delta: number;
    readonly halfWidth: number | null;
  } | null;
}

/** The mean over all points that have one value of one axis. */
export interface EffectRow {
  readonly path: string;
  readonly value: string | number | boolean;
  readonly policy: string;
  readonly points: number;
  readonly cost: MeanEstimate;
  /** Share of replications that meet the SLO; null without one. */
  readonly met: number | null;
}

/** What `headrace sweep --json` prints. `hash` is over the sorted results, the same for every engine. */
export interface SweepDocument {
  readonly runs: number;
  readonly done: number;
  readonly failed: number;
  readonly hash: string;
  readonly best: SweepBest | null;
  readonly settings: readonly SettingFigures[];
  readonly effects: readonly EffectRow[];
  readonly scenario: { readonly name: string };
  readonly version: string;
}
