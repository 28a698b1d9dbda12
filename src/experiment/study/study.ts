import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { gridOf, settingOf, withSetting } from "../frontier/frontier.js";
import type { Setting } from "../frontier/matched.js";
import { valuesToTry } from "../frontier/refine.js";
import { type MetricRun, type MetricRunOptions, runMetrics } from "../metric-runs.js";
import type { ArmFrontier } from "./arm-frontier.js";
import type { StudyArm } from "./arms.js";
import { bracketing, settingsNear, WANTED_VIOLATIONS } from "./knob-search.js";
import { contenders } from "./race.js";
import { LOOSE, STRICT } from "./verdicts.js";
import { type StudyWorld, studyScenario } from "./worlds.js";

export interface StudyEffort {
  /**
   * Replications of the coarse pass, which only locates the knobs, and of the fine one, whose
   * results count.
   */
  readonly coarse: number;
  readonly fine: number;
}

/**
 * How often a frontier may be extended: half-way to the next value of the grid if it does not
 * reach a match, else half-way between two settings that are far apart.
 */
const REFINING_ROUNDS = 3;

interface Swept {
  readonly scenario: Scenario;
  readonly arm: StudyArm;
  readonly policy: PolicySpec;
}

/**
 * Every arm's frontier in a world: a coarse pass over every second value of each knob's grid, then
 * all replications at up to four settings with about 1.6, 0.6, 0.18 and 0.04 % violating minutes.
 * Only the fine pass counts. Arms far behind the best of their group get only the coarse one.
 */
export async function armFrontiers(
  world: StudyWorld,
  arms: readonly StudyArm[],
  folder: string,
  effort: StudyEffort,
  options: MetricRunOptions,
): Promise<ArmFrontier[]> {
  const swept: Swept[] = [];
  for (const balancer of ["least-connections", "packing"] as const) {
    const sharing = arms.filter((arm) => arm.balancer === balancer);
    if (sharing.length === 0) continue;
    const scenario = await studyScenario(world, sharing, folder, effort.fine);
    sharing.forEach((arm, i) => {
      swept.push({ scenario, arm, policy: scenario.policies[i] });
    });
  }
  const share = (from: number, to: number) => (done: number) => options.onProgress?.(from + done * (to - from));
  const grids = swept.map(({ policy }) => everySecond(gridOf(policy).values));
  const coarse = await sweep(swept, grids, effort.coarse, { ...options, onProgress: share(0, 0.15) });
  const racing = contenders(coarse);
  const refined = swept.filter((_, s) => racing[s]);
  const values = coarse.filter((_, s) => racing[s]).map((frontier) => settingsNear(frontier, WANTED_VIOLATIONS));
  let fine = await sweep(refined, values, effort.fine, { ...options, onProgress: share(0.15, 0.85) });
  const rough = coarse.filter((_, s) => racing[s]);
  for (let round = 0; round < REFINING_ROUNDS; round++) {
    const missing = fine.map((frontier, r) => [
      ...new Set([
        ...bracketing(frontier, rough[r], LOOSE, STRICT),
        ...valuesToTry(frontier.settings, { violations: [LOOSE, STRICT] }),
      ]),
    ]);
    const from = 0.85 + (0.15 * round) / REFINING_ROUNDS;
    const onProgress = share(from, from + 0.15 / REFINING_ROUNDS);
    const more = await sweep(refined, missing, effort.fine, { ...options, onProgress });
    fine = fine.map((frontier, r) => ({
      ...frontier,
      settings: thriftyFirst([...frontier.settings, ...more[r].settings]),
    }));
  }
  const found = swept.map((one, s) =>
    racing[s] ? fine[refined.indexOf(one)] : { ...coarse[s], coarse: true as const },
  );
  // In the order in which the arms were given.
  return arms.map((arm) => found[swept.findIndex((one) => one.arm === arm)]);
}

/** By cost, as the coarse sweep goes. */
function thriftyFirst(settings: readonly Setting[]): Setting[] {
  const cost = (setting: Setting): number => setting.cost.reduce((sum, one) => sum + one, 0);
  return settings.toSorted((a, b) => cost(a) - cost(b));
}

async function sweep(
  swept: readonly Swept[],
  values: readonly (readonly number[])[],
  replications: number,
  options: MetricRunOptions,
): Promise<ArmFrontier[]> {
  const runs: MetricRun[] = [];
  const places: number[][][] = swept.map((_, s) => values[s].map(() => []));
  for (let replication = 0; replication < replications; replication++) {
    swept.forEach(({ scenario, policy }, s) => {
      values[s].forEach((value, v) => {
        places[s][v].push(runs.length);
        runs.push({ scenario, policy: withSetting(scenario, policy, value), replication });
      });
    });
  }
  const kept = await runMetrics(runs, options);
  return swept.map(({ scenario, arm, policy }, s) => ({
    arm,
    name: arm.name,
    kind: policy.kind,
    knob: gridOf(policy).knob,
    settings: values[s].map((value, v) =>
      settingOf(
        scenario,
        value,
        places[s][v].map((i) => kept[i]),
      ),
    ),
  }));
}

function everySecond(values: readonly number[]): number[] {
  return values.filter((_, i) => i % 2 === 0);
}
