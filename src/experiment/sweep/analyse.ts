import { estimate } from "../../base/statistics.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { isSloMet, sloOutcome } from "../slo-verdict.js";
import type { Point } from "./design.js";
import type { RunRecord } from "./run-file.js";
import type { EffectRow, SettingFigures, SweepBest } from "./sweep-document.js";
import type { SweepPlan } from "./sweep-plan.js";

const CONFIDENCE = 0.95;

/** One point under one policy with its finished replications. */
export interface Setting {
  /** Without the knobs of other policies, which have no effect here. */
  readonly point: Point;
  readonly policy: string;
  readonly scenario: Scenario;
  /** By replication; undefined where a run failed or is not done. */
  readonly runs: readonly (RunRecord | undefined)[];
}

/**
 * The settings of a plan with what is done of them. Points that differ in the knobs of other
 * policies alone are one setting: their runs are the same.
 */
export function settingsOf(plan: SweepPlan, records: ReadonlyMap<string, RunRecord>): Setting[] {
  const keys = new Map<string, string[]>();
  for (const run of plan.runs) {
    const id = `${run.variant}/${run.policy}`;
    const list = keys.get(id) ?? [];
    list[run.replication] = run.key;
    keys.set(id, list);
  }
  const distinct = new Map<string, Setting>();
  for (const [v, { point, scenario }] of plan.variants.entries()) {
    const names = new Set(scenario.policies.map(({ name }) => name));
    for (const [p, { name }] of scenario.policies.entries()) {
      const ownKeys = keys.get(`${v}/${p}`) ?? [];
      // An axis may replace a policy by one of another kind, and so of another name.
      const isForeign = (owner: string | undefined): boolean =>
        owner !== undefined && owner !== name && names.has(owner);
      const own = point.filter(({ path }) => !isForeign(plan.knobOwners.get(path)));
      const runs = ownKeys.map((key) => records.get(key));
      distinct.set(JSON.stringify([name, own, ownKeys]), { point: own, policy: name, scenario, runs });
    }
  }
  return [...distinct.values()];
}

/** `cost` where every scenario has prices, else streamlet-hours. */
function costMetricOf(settings: readonly Setting[]): "cost" | "streamletHours" {
  return settings.every(({ scenario }) => scenario.cost !== undefined) ? "cost" : "streamletHours";
}

/** The figures of each setting whose runs are all done. */
export function figuresOf(settings: readonly Setting[]): SettingFigures[] {
  const metric = costMetricOf(settings);
  return settings.flatMap((setting): SettingFigures[] => {
    const { point, policy, scenario } = setting;
    const runs = wholeRuns(setting);
    if (runs === undefined) return [];
    const slo = sloOutcome(
      scenario.slo,
      runs.map((run) => (run.met === null ? {} : { slo: { met: run.met, misses: [] } })),
    );
    const cost = estimate(valuesOf(runs, metric), CONFIDENCE);
    return [
      { values: valuesObject(point), policy, cost, slo: slo ?? null, meets: slo === undefined ? null : isSloMet(slo) },
    ];
  });
}

function wholeRuns({ runs }: Setting): readonly RunRecord[] | undefined {
  const done = runs.filter((run) => run !== undefined);
  return done.length === runs.length && done.length > 0 ? done : undefined;
}

function valuesOf(runs: readonly RunRecord[], metric: string): number[] {
  return runs.map((run) => run.metrics[metric] ?? Number.NaN);
}

/** Paths were checked against the scenario, so none is the name of an inherited member. */
export function valuesObject(point: Point): Record<string, string | number | boolean> {
  return Object.fromEntries(point.map(({ path, value }) => [path, value]));
}

/**
 * The cheapest setting that meets the SLO (or of all settings, without an SLO); if none meets it,
 * the one that meets it most often. Settings whose policy failed are excluded. With the paired
 * interval of the difference in cost to the next setting. Null if no such setting is complete.
 */
export function bestOf(settings: readonly Setting[]): SweepBest | null {
  const metric = costMetricOf(settings);
  const whole = settings.filter((setting) => wholeRuns(setting)?.every((run) => run.failures === undefined));
  const ranked = whole
    .map((setting) => ({ setting, figures: figuresOf([setting])[0], cost: meanOf(setting, metric) }))
    .sort((a, b) => rankOf(a.figures) - rankOf(b.figures) || a.cost - b.cost);
  const [best, next] = ranked;
  if (best === undefined) return null;
  const { values, policy, cost, slo, meets } = best.figures;
  const found = { values, policy, cost, slo, meets, costMetric: metric };
  if (next === undefined || next.figures.meets !== meets) return { ...found, runnerUp: null };
  const [a, b] = [wholeRuns(next.setting) ?? [], wholeRuns(best.setting) ?? []];
  const n = Math.min(a.length, b.length);
  const [dear, cheap] = [valuesOf(a, metric), valuesOf(b, metric)];
  const differences = Array.from({ length: n }, (_, r) => dear[r] - cheap[r]);
  const { mean: delta, halfWidth } = estimate(differences, CONFIDENCE);
  return { ...found, runnerUp: { values: next.figures.values, policy: next.figures.policy, delta, halfWidth } };
}

/** 0 = meets the SLO, or there is no SLO; else the share of replications that miss it. */
function rankOf({ meets, slo }: SettingFigures): number {
  return meets === false && slo !== null ? 1 - slo.met / slo.of : 0;
}

function meanOf(setting: Setting, metric: string): number {
  return estimate(valuesOf(wholeRuns(setting) ?? [], metric), CONFIDENCE).mean;
}

/**
 * The main effect of each value of each axis: mean cost and share of replications that meet the
 * SLO, over all points with that value.
 */
export function effectsOf(settings: readonly Setting[]): EffectRow[] {
  const metric = costMetricOf(settings);
  const groups = new Map<
    string,
    { path: string; value: string | number | boolean; policy: string; runs: RunRecord[][] }
  >();
  for (const setting of settings) {
    const runs = wholeRuns(setting);
    if (runs === undefined) continue;
    for (const { path, value } of setting.point) {
      const id = JSON.stringify([path, value, setting.policy]);
      const group = groups.get(id) ?? { path, value, policy: setting.policy, runs: [] };
      group.runs.push([...runs]);
      groups.set(id, group);
    }
  }
  return [...groups.values()].map(({ path, value, policy, runs }) => {
    const byReplication = runs[0].map((_, r) => mean(runs.map((one) => one[r]?.metrics[metric] ?? Number.NaN)));
    const flat = runs.flat();
    const judged = flat.filter((run) => run.met !== null);
    const met = judged.length === 0 ? null : judged.filter((run) => run.met === true).length / judged.length;
    return { path, value, policy, points: runs.length, cost: estimate(byReplication, CONFIDENCE), met };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
