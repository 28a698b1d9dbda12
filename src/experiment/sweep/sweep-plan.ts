import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { InputError } from "../../base/errors.js";
import { canonicalJson } from "../../base/hash.js";
import { formatCount } from "../../base/units.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { codeHash } from "../code-hash.js";
import { readScenario } from "../scenario-file.js";
import { type Point, pointsOf } from "./design.js";
import { knobOwners } from "./knob-owners.js";
import type { SweepSpec } from "./sweep-file.js";

/**
 * One run of a sweep. `key`, the name of its file, covers everything that determines its result.
 * Two points with the same world (one writes a default value) share a run.
 */
interface SweepRun {
  readonly key: string;
  /** Index into the plan's variants. */
  readonly variant: number;
  readonly policy: number;
  readonly replication: number;
}

/** One point with the scenario that it gives. */
interface SweepVariant {
  readonly point: Point;
  readonly scenario: Scenario;
}

export interface SweepPlan {
  readonly variants: readonly SweepVariant[];
  readonly runs: readonly SweepRun[];
  /** Hash of the simulator's own code: a worker with other code would give other results. */
  readonly code: string;
  /** The name of the policy whose knob a path of the points names. */
  readonly knobOwners: ReadonlyMap<string, string>;
}

/** More runs than this are refused with their count. */
const MOST_RUNS = 1_000_000;

/**
 * Reads every variant and plans all runs before the first one starts, so that a fault in the last
 * point wastes no run.
 */
export async function planSweep(spec: SweepSpec, seed: number | undefined): Promise<SweepPlan> {
  const changes = {
    ...(seed === undefined ? {} : { seed }),
    ...(spec.policies === undefined ? {} : { policies: spec.policies }),
    ...(spec.seeds === undefined ? {} : { replications: spec.seeds }),
  };
  const base = await readScenario(spec.scenarioFile, changes);
  const points = pointsOf(spec.design, spec.axes, spec.points, base.seed);
  const count = points.length * base.policies.length * base.replications;
  if (count > MOST_RUNS) {
    throw new InputError({
      code: "HR1602",
      where: spec.file,
      got:
        `${formatCount(count)} runs (${formatCount(points.length)} points ` +
        `× ${base.policies.length} policies × ${base.replications} seeds)`,
      expected: `at most ${formatCount(MOST_RUNS)}`,
      remedy: "Use fewer points, policies or seeds",
    });
  }
  const variants: SweepVariant[] = [];
  for (const [i, point] of points.entries()) {
    const values = point.map(({ path, value }) => ({ path, value, where: placeOf(spec, path, i) }));
    variants.push({ point, scenario: await readScenario(spec.scenarioFile, { ...changes, values }) });
  }
  const code = codeHash();
  const runs: SweepRun[] = [];
  for (const [variant, { scenario }] of variants.entries()) {
    const world = sha(canonicalJson(worldOf(scenario)));
    for (const [policy, one] of scenario.policies.entries()) {
      const decides = sha(`${code}/${world}/${await policyText(one)}/${await moduleText(scenario.balancer.module)}`);
      for (let replication = 0; replication < scenario.replications; replication++)
        runs.push({ key: sha(`${decides}/${scenario.seed}/${replication}`), variant, policy, replication });
    }
  }
  return { variants, runs, code, knobOwners: await ownersOf(spec, points, base) };
}

async function ownersOf(spec: SweepSpec, points: readonly Point[], base: Scenario): Promise<SweepPlan["knobOwners"]> {
  const { policies } = spec.policies === undefined ? base : await readScenario(spec.scenarioFile, {});
  const added = base.policies.filter(({ name }) => !policies.some((one) => one.name === name));
  return knobOwners(
    points.flatMap((point) => point.map(({ path }) => path)),
    [...policies, ...added],
  );
}

function placeOf(spec: SweepSpec, path: string, point: number) {
  return Array.isArray(spec.points) ? spec.text.place(["points", point, path]) : spec.text.place(["axes", path]);
}

function worldOf(scenario: Scenario): object {
  const { name, hash, seed, replications, policies, traffic, ...world } = scenario;
  void [name, hash, seed, replications, policies];
  const { source } = traffic;
  return { ...world, traffic: { ...traffic, source: source.kind === "trace" ? { ...source, file: "" } : source } };
}

/** A module is identified by its own text, without its imports. */
async function policyText({ module, ...spec }: PolicySpec): Promise<string> {
  return `${canonicalJson({ ...spec, name: "" })}/${await moduleText(module)}`;
}

async function moduleText(file: string | undefined): Promise<string> {
  return file === undefined ? "" : sha(await readFile(file, "utf8").catch(() => ""));
}

/** 128 bits of SHA-256 as hex: a million runs share a key with a chance of 1e-27. */
function sha(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
