import { bestAt } from "../frontier/frontier.js";
import type { MatchedEstimate } from "../frontier/matched.js";
import type { MetricRunOptions } from "../metric-runs.js";
import { mainArms, type StudyArm } from "./arms.js";
import { armFrontiers, type StudyEffort } from "./study.js";
import { costAgainst, LOOSE } from "./verdicts.js";

const SPAWNS = ["1s", "10s", "30s", "1min", "2min", "5min"];
/** Periods that divide a day, so that any history announces them. */
const PERIODS_H = [24, 8, 3, 1];
const AMPLITUDE = 0.6;

/**
 * One cell: cost of the predictive policy against the best reactive policy, both at 1 % violating
 * minutes.
 */
export interface MapCell {
  readonly spawn: string;
  /** The steepest growth of the rate, per cent of its mean per minute. */
  readonly steepness: number;
  readonly reactive: string | null;
  readonly cost: MatchedEstimate | null;
}

const reactive: readonly string[] = ["hpa, equalised and tuned", "square-root"];
const arms: readonly StudyArm[] = mainArms.filter((arm) => reactive.includes(arm.name) || arm.group === "predictive");

/**
 * Time to capacity × steepness of demand: a sinusoid of amplitude 0.6 with periods from a day to an
 * hour. One day is judged, after a week of history.
 */
export async function steepnessMap(effort: StudyEffort, options: MetricRunOptions): Promise<MapCell[]> {
  const cells: MapCell[] = [];
  const count = SPAWNS.length * PERIODS_H.length;
  for (const spawn of SPAWNS) {
    for (const hours of PERIODS_H) {
      const done = cells.length;
      const onProgress = (share: number): void => options.onProgress?.((done + share) / count);
      const source = { source: "sinusoid", amplitude: AMPLITUDE, period: `${hours}h`, history: "7d" };
      const traffic = { key: `map-${hours}h`, title: `a period of ${hours} h`, source, days: 1 };
      const frontiers = await armFrontiers({ traffic, spawn }, arms, ".", effort, { ...options, onProgress });
      const best = bestAt(
        frontiers.filter((one) => one.arm.group !== "predictive"),
        LOOSE,
      );
      const predictive = frontiers.find((one) => one.arm.group === "predictive");
      cells.push({
        spawn,
        steepness: (100 * AMPLITUDE * 2 * Math.PI) / (hours * 60),
        reactive: best?.name ?? null,
        cost: best === undefined || predictive === undefined ? null : costAgainst(best, predictive, LOOSE),
      });
    }
  }
  return cells;
}
