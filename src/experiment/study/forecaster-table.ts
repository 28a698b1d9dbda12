import type { MatchedEstimate } from "../frontier/matched.js";
import type { MetricRunOptions } from "../metric-runs.js";
import { mainArms, type StudyArm } from "./arms.js";
import { armFrontiers, type StudyEffort } from "./study.js";
import { costAgainst, LOOSE, STRICT } from "./verdicts.js";
import type { StudyTraffic } from "./worlds.js";

/**
 * Times to capacity: from a streamlet that is nearly ready to a machine that must be bought first.
 */
export const CAPACITY_TIMES: readonly string[] = ["1s", "30s", "120s", "300s"];

/** The forecasters that the ensemble is compared with: the predictive policy, all else equal. */
type RivalForecaster = "last-value" | "seasonal-naive";
const RIVALS: readonly RivalForecaster[] = ["last-value", "seasonal-naive"];

/**
 * Cost of the predictive policy with the ensemble, relative to the same policy with a rival
 * forecaster, at a matched share of violating minutes.
 */
export interface ForecasterRow {
  readonly traffic: string;
  readonly spawn: string;
  /** The matched share: 1 % or 0.1 %. */
  readonly violation: number;
  readonly against: Readonly<Record<RivalForecaster, MatchedEstimate | null>>;
}

const ensemble = mainArms.filter((arm) => arm.group === "predictive");
const arms: readonly StudyArm[] = [
  ...ensemble,
  ...RIVALS.map((kind) => ({ ...ensemble[0], name: kind, policy: { ...ensemble[0].policy, kind } })),
];

/** One traffic at one time to capacity: at 1 %, and at 0.1 % if a policy reaches it. */
export async function forecasterRows(
  traffic: StudyTraffic,
  spawn: string,
  folder: string,
  effort: StudyEffort,
  options: MetricRunOptions,
): Promise<ForecasterRow[]> {
  const [own, ...rivals] = await armFrontiers({ traffic, spawn }, arms, folder, effort, options);
  const rows = [LOOSE, STRICT].map((violation): ForecasterRow => {
    const [lastValue, seasonalNaive] = rivals.map((rival) => costAgainst(rival, own, violation));
    const against = { "last-value": lastValue, "seasonal-naive": seasonalNaive };
    return { traffic: traffic.key, spawn, violation, against };
  });
  return rows.filter(
    ({ violation, against }) => violation === LOOSE || Object.values(against).some((one) => one !== null),
  );
}
