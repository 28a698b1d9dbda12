import { z } from "zod";
import { closest } from "../../base/spelling.js";
import { kindsWithin } from "../../control/policies/registry.js";
import { normaliseLaw } from "./normalise-law.js";
import type { Resources } from "./resources.js";
import type { PolicySpec, ReactiveSpec, ScaleInSpec, UnitSpec } from "./scenario.js";
import type { WrittenScenario } from "./schema/document.js";
import { describeValue, faultsOf, type ScenarioFault } from "./schema/issues.js";
import { knownKeys } from "./schema/known-keys.js";
import type { WrittenLaw } from "./schema/law.js";
import { commonKnobNames, commonKnobs } from "./schema/policies/common.js";
import { moduleDefaults, type PolicyKindSchema, policyKindSchemas } from "./schema/policies/kinds.js";

/** The schema of one policy of a built-in kind, as it stands in the scenario. */
export function policySchema(kind: string, schema: PolicyKindSchema): z.ZodType {
  return z.strictObject({ kind: z.literal(kind), ...commonKnobs, ...schema.knobs });
}

const moduleSchema = z.looseObject({ kind: z.string(), ...commonKnobs });

type Common = {
  -readonly [K in keyof typeof commonKnobs]?: z.infer<(typeof commonKnobs)[K]> | undefined;
};

/** The policies as written, checked by kind; faults are pushed. */
export function normalisePolicies(
  written: WrittenScenario,
  raw: unknown,
  resources: Resources,
  faults: ScenarioFault[],
): PolicySpec[] {
  const policies = written.policies.map((_, i) => normalisePolicy(written, raw, i, resources, faults));
  const named = policies.filter((policy): policy is PolicySpec => policy !== undefined);
  return named.map((policy, i) => uniqueName(policy, i, named, faults));
}

function normalisePolicy(
  written: WrittenScenario,
  raw: unknown,
  i: number,
  resources: Resources,
  faults: ScenarioFault[],
): PolicySpec | undefined {
  const entry = (raw as { policies: readonly WrittenPolicy[] }).policies[i];
  const path = ["policies", i];
  const { kind } = entry;
  if (!Object.hasOwn(policyKindSchemas, kind) && !isModule(kind)) {
    faults.push(unknownKind(kind, Object.keys(policyKindSchemas), ", or the path of a module", path));
    return undefined;
  }
  const spec = normaliseEntry(written, entry, path, resources, faults);
  if (spec === undefined || spec.kind !== "hybrid") return spec;
  const reactive = normaliseReactive(
    written,
    entry.reactive ?? DEFAULT_REACTIVE,
    [...path, "reactive"],
    resources,
    faults,
  );
  return { ...spec, knobs: { ...spec.knobs, reactive } };
}

export interface WrittenPolicy {
  readonly kind: string;
  readonly reactive?: WrittenPolicy;
}

/** What stands on a hybrid's floor unless told otherwise. */
const DEFAULT_REACTIVE: WrittenPolicy = { kind: "hpa" };

function normaliseEntry(
  written: WrittenScenario,
  entry: WrittenPolicy,
  path: readonly (string | number)[],
  resources: Resources,
  faults: ScenarioFault[],
): PolicySpec | undefined {
  const { kind } = entry;
  const builtIn = Object.hasOwn(policyKindSchemas, kind) ? policyKindSchemas[kind] : undefined;
  const schema = builtIn === undefined ? moduleSchema : policySchema(kind, builtIn);
  const parsed = schema.safeParse(entry);
  if (!parsed.success) {
    const found = faultsOf(parsed.error.issues, entry, (at) => knownKeys(schema, at));
    faults.push(...found.map((fault) => ({ ...fault, path: [...path, ...fault.path] })));
    return undefined;
  }
  const data = parsed.data as Common & Record<string, unknown>;
  const spec = assemble(written, data, kind, builtIn ?? moduleDefaults, resources);
  checkBounds(spec, data, path, faults);
  for (const fault of builtIn?.check?.(spec.knobs, spec.min) ?? [])
    faults.push({ ...fault, path: [...path, ...fault.path] });
  return builtIn === undefined ? { ...spec, module: resources.modulePath(kind) } : spec;
}

/** Knobs of the hybrid as a whole, which its reactive part cannot have for itself. */
const WHOLE_KNOBS = ["name", "min", "max", "mode", "scaleIn", "unit"];

/** The reactive part of a hybrid: its kind, its own tick and scrape, its knobs. */
function normaliseReactive(
  written: WrittenScenario,
  entry: WrittenPolicy,
  path: readonly (string | number)[],
  resources: Resources,
  faults: ScenarioFault[],
): ReactiveSpec | undefined {
  for (const knob of WHOLE_KNOBS.filter((one) => Object.hasOwn(entry, one))) {
    faults.push({
      path: [...path, knob],
      atKey: true,
      got: `${knob} of the reactive part`,
      expected: `${knob} of the hybrid`,
      remedy: "Move it one level up",
    });
  }
  return normaliseInner(written, entry, path, reactiveKinds, resources, faults);
}

/** Hosts are scaled by what forecasts or follows demand; on-demand and clock-bound kinds make no sense of them. */
export const hostPolicyKinds: readonly string[] = kindsWithin("hosts");

/** Kinds that decide by what is there now. On-demand retires what is idle, floor or not. */
const reactiveKinds: readonly string[] = kindsWithin("hybrid");

/** A policy that stands within something else, of one of these kinds. */
export function normaliseInner(
  written: WrittenScenario,
  entry: WrittenPolicy,
  path: readonly (string | number)[],
  kinds: readonly string[],
  resources: Resources,
  faults: ScenarioFault[],
): ReactiveSpec | undefined {
  if (!kinds.includes(entry.kind)) {
    faults.push(unknownKind(entry.kind, kinds, "", path));
    return undefined;
  }
  const spec = normaliseEntry(written, entry, path, resources, faults);
  if (spec === undefined) return undefined;
  return { kind: spec.kind, tickMs: spec.tickMs, scrapeLagMs: spec.scrapeLagMs, knobs: spec.knobs };
}

function unknownKind(
  kind: unknown,
  known: readonly string[],
  orElse: string,
  path: readonly (string | number)[],
): ScenarioFault {
  const meant = closest(String(kind), known);
  return {
    path: [...path, "kind"],
    code: "HR1203",
    got: describeValue(kind),
    expected: `one of ${known.join(", ")}${orElse}`,
    ...(meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` }),
  };
}

function assemble(
  written: WrittenScenario,
  entry: Common & Record<string, unknown>,
  kind: string,
  defaults: Omit<PolicyKindSchema, "knobs">,
  resources: Resources,
): PolicySpec {
  const knobs: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry)) {
    if (key !== "kind" && !commonKnobNames.includes(key) && value !== undefined) knobs[key] = value;
  }
  if (kind === "on-demand" && knobs.idleTimeout !== undefined) {
    const { idleTimeout } = knobs;
    if (idleTimeout === Number.POSITIVE_INFINITY) delete knobs.idleTimeout;
    else knobs.idleTimeout = normaliseLaw(idleTimeout as WrittenLaw, resources);
  }
  const scaleIn: ScaleInSpec = { ...defaults.scaleIn, ...stripped(written.fleet.scaleIn), ...stripped(entry.scaleIn) };
  return {
    name: entry.name ?? nameOf(kind),
    kind,
    min: entry.min ?? defaults.min,
    max: entry.max ?? written.fleet.max ?? Number.POSITIVE_INFINITY,
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

function stripped(scaleIn: object | undefined): Partial<ScaleInSpec> {
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

/** What a policy is called unless the scenario says: its kind, or the module's file without folder and ending. */
function nameOf(kind: string): string {
  return isModule(kind) ? kind.replace(/^.*[/\\]/, "").replace(/\.[cm]?[jt]s$/, "") || kind : kind;
}

/** Of policies that share a name, the first keeps it, those that were not given theirs get a number, and a given one is a fault. */
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

/** A kind that is a path: it has a slash or ends like a module. */
export function isModule(kind: string): boolean {
  return kind.includes("/") || kind.includes("\\") || /\.[cm]?[jt]s$/.test(kind);
}
