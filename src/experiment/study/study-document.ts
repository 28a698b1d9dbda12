import type { MatchedEstimate } from "../frontier/matched.js";
import type { ArmFrontier } from "./arm-frontier.js";
import type { ForecasterRow } from "./forecaster-table.js";
import type { MapCell } from "./steepness-map.js";
import type { GroupVerdict } from "./verdicts.js";

/** One world's frontiers and verdicts. */
export interface StudyWorldResult {
  readonly key: string;
  readonly title: string;
  readonly spawn: string;
  readonly frontiers: readonly ArmFrontier[];
  readonly verdicts: readonly GroupVerdict[];
}

/**
 * Cost of the predictive policy without one of its parts, relative to the complete policy, by
 * trace; null if it cannot reach the match.
 */
export interface AblationRow {
  readonly name: string;
  readonly spawn: string;
  /** The matched share: 1 % or 0.1 %. */
  readonly violation: number;
  readonly cost: Readonly<Record<string, MatchedEstimate | null>>;
}

/** All results of the study; parts that were not run are absent. study.json. */
export interface StudyDocument {
  readonly version: string;
  readonly replications: number;
  readonly seed: number;
  readonly worlds: readonly StudyWorldResult[];
  readonly guard?: readonly StudyWorldResult[];
  readonly ablation?: readonly AblationRow[];
  readonly map?: readonly MapCell[];
  readonly forecasters?: readonly ForecasterRow[];
}
