import { isModule } from "../../base/module-path.js";
import type { z } from "../../base/zod.js";
import type { ScaleIn } from "../../control/scale-in.js";
import { normaliseLaw } from "./normalise-law.js";
import type { PolicySpec, ReactiveSpec, UnitSpec } from "./policy-spec.js";
import type { Resources } from "./resources.js";
import type { WrittenScenario } from "./schema/document.js";
import type { ScenarioFault } from "./schema/issues.js";
import type { WrittenLaw } from "./schema/law.js";
import { commonKnobNames, type commonKnobs } from "./schema/policies/common.js";
import { moduleDefaults, type PolicyKindSchema, policyKindSchemas } from "./schema/policies/kinds.js";

type Common = {
  -readonly [K in keyof typeof commonKnobs]?: z.infer<(typeof commonKnobs)[K]> | undefined;
};
type Path = readonly (string | number)[];

/** Facts shared by the policies of a scenario: its fleet, its files, and the list of faults. */
export interface PolicySetting {
  readonly fleet: Pick<WrittenScenario["fleet"], "max" | "scaleIn">;
  readonly resources: Resources;
  readonly faults: ScenarioFault[];
}

/** A policy as written, checked by the schema of its kind. */
export interface WrittenPolicy {
  readonly kind: string;
}

/** The policies with their defaults filled in. Faults are pushed. */
export function normalisePolicies(written: readonly WrittenPolicy[], setting: PolicySetting): PolicySpec[] {
  const policies = written.map((entry, i) => normalisePolicy(entry, ["policies", i], setting));
  return policies.map((policy, i) => uniqueName(policy, i, policies, setting.faults));
}

function normalisePolicy(entry: WrittenPolicy, path: Path, setting: PolicySetting): PolicySpec {
  const spec = normaliseEntry(entry, path, setting);
  if (spec.kind !== "hybrid") return spec;
  const reactive = normaliseInner(
    (spec.knobs.reactive as WrittenPolicy | undefined) ?? DEFAULT_REACTIVE,
    [...path, "reactive"],
    setting,
  );
  return { ...spec, knobs: { ...spec.knobs, reactive } };
}

/** The reactive policy of a hybrid that names none. */
const DEFAULT_REACTIVE: WrittenPolicy = { kind: "hpa" };

function normaliseEntry(entry: WrittenPolicy, path: Path, { fleet, resources, faults }: PolicySetting): PolicySpec {
  const { kind } = entry;
  const builtIn = Object.hasOwn(policyKindSchemas, kind) ? policyKindSchemas[kind] : undefined;
  const data = entry as Common & Record<string, unknown> & WrittenPolicy;
  const spec = assemble(fleet, data, builtIn ?? moduleDefaults, resources);
  checkBounds(spec, data, path, faults);
  for (const fault of builtIn?.check?.(spec.knobs, spec.min) ?? [])
    faults.push({ ...fault, path: [...path, ...fault.path] });
  return builtIn === undefined ? { ...spec, module: resources.modulePath(kind) } : spec;
}

/** A policy inside another section: kind, tick, scrape lag and knobs. */
export function normaliseInner(entry: WrittenPolicy, path: Path, setting: PolicySetting): ReactiveSpec {
  const { kind, tickMs, scrapeLagMs, knobs } = normaliseEntry(entry, path, setting);
  return { kind, tickMs, scrapeLagMs, knobs };
}

function assemble(
  fleet: PolicySetting["fleet"],
  entry: Common & Record<string, unknown> & WrittenPolicy,
  defaults: Omit<PolicyKindSchema, "knobs">,
  resources: Resources,
): PolicySpec {
  const { kind } = entry;
  const knobs: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry)) {
    if (key !== "kind" && !commonKnobNames.includes(key) && value !== undefined) knobs[key] = value;
  }
  if (kind === "on-demand" && knobs.idleTimeout !== undefined) {
    const { idleTimeout } = knobs;
    if (idleTimeout === Number.POSITIVE_INFINITY) delete knobs.idleTimeout;
    else knobs.idleTimeout = normaliseLaw(idleTimeout as WrittenLaw, resources);
  }
  const scaleIn: ScaleIn = { ...defaults.scaleIn, ...stripped(fleet.scaleIn), ...stripped(entry.scaleIn) };
  return {
    name: entry.name ?? nameOf(kind),
    kind,
    min: entry.min ?? defaults.min,
    max: entry.max ?? fleet.max,
    tickMs: entry.tick ?? defaults.tickMs,
    scrapeLagMs: entry.scrapeLag ?? defaults.scrapeLagMs,
    mode: entry.mode ?? "active",
    scaleIn,
    ...(entry.unit === undefined ? {} : { unit: unitOf(entry.unit, resources) }),
    knobs,
  };
}

function unitOf(written: NonNullable<Common["unit"]>, resources: Resources): UnitSpec {
  const { slots, cpu, memory, baseMemory, network, spawn, streamletHour, streamletMtbf } = written;
  return {
    slots,
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
    ...(baseMemory === undefined ? {} : { baseMemoryBytes: baseMemory }),
    ...(network === undefined ? {} : { bitsPerSecond: network }),
    ...(spawn === undefined ? {} : { spawn: { law: normaliseLaw(spawn, resources), contention: 0 } }),
    ...(streamletHour === undefined ? {} : { streamletHour }),
    ...(streamletMtbf === undefined ? {} : { streamletMtbfMs: streamletMtbf }),
  };
}

function stripped(scaleIn: object | undefined): Partial<ScaleIn> {
  return Object.fromEntries(Object.entries(scaleIn ?? {}).filter(([, value]) => value !== undefined));
}

function checkBounds(
  spec: PolicySpec,
  entry: Record<string, unknown>,
  path: readonly (string | number)[],
  faults: ScenarioFault[],
): void {
  if (spec.min > spec.max) {
    faults.push({
      path: [...path, entry.min === undefined ? "max" : "min"],
      got: `min ${spec.min} above max ${spec.max}`,
      expected: "min ≤ max",
      remedy: "max is fleet.max unless given",
    });
  }
  if (spec.kind !== "static") return;
  if (typeof entry.count !== "number") {
    faults.push({
      path,
      got: "a static policy without count",
      expected: "count",
      remedy: "For example {kind: static, count: 10}",
    });
  } else if (entry.count > spec.max) {
    faults.push({
      path: [...path, "count"],
      got: `${entry.count} streamlets`,
      expected: `at most ${spec.max} (max, or fleet.max)`,
    });
  }
}

/**
 * A policy's default name: its kind, or the module's file without folder and extension. A module
 * called like a built-in kind gets "-module" behind it, since the two are compared in one table.
 */
function nameOf(kind: string): string {
  if (!isModule(kind)) return kind;
  const name = kind.replace(/^.*[/\\]/, "").replace(/\.[cm]?[jt]s$/, "") || kind;
  return Object.hasOwn(policyKindSchemas, name) ? `${name}-module` : name;
}

/**
 * Of policies that share a name, the first keeps it, those that were not given theirs get a number,
 * and a given one is a fault.
 */
function uniqueName(policy: PolicySpec, i: number, all: readonly PolicySpec[], faults: ScenarioFault[]): PolicySpec {
  const copy = all.slice(0, i + 1).filter((other) => other.name === policy.name).length;
  if (copy === 1) return policy;
  const name = `${policy.name}-${copy}`;
  if (policy.name !== nameOf(policy.kind) || all.some((other) => other.name === name)) {
    faults.push({
      path: ["policies", i, "name"],
      got: `a second policy named "${policy.name}"`,
      expected: "names that differ",
      remedy: `For example name: ${name}`,
    });
  }
  return { ...policy, name };
}
