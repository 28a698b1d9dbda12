import { InputError, type SourcePlace } from "../base/errors.js";
import { isModule } from "../base/module-path.js";
import { closest } from "../base/spelling.js";
import { readTextFile } from "../traffic/text-file.js";
import { parseYaml, type SourceText } from "../traffic/yaml-text.js";
import { normaliseScenario } from "../world/scenario/normalise.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { writtenScenario } from "../world/scenario/schema/document.js";
import { faultsOf, type ScenarioFault } from "../world/scenario/schema/issues.js";
import { policyKindSchemas } from "../world/scenario/schema/policies/kinds.js";
import { refuseOtherKind } from "./file-kind.js";
import { locatedFaults } from "./located-faults.js";
import { withManifests } from "./manifests.js";
import { NamedFiles } from "./named-files.js";
import { type ScenarioValue, type Steps, stepsOf, withValueAt } from "./scenario-path.js";
import { readResources } from "./scenario-resources.js";

/** What the command line changes in a scenario. */
export interface ScenarioChanges {
  readonly seed?: number;
  readonly replications?: number;
  /**
   * Only these policies, by name or kind. A kind that the scenario lacks is added with its
   * defaults.
   */
  readonly policies?: readonly string[];
  /** This trace instead of the scenario's source. */
  readonly trace?: string;
  readonly traceScale?: number;
  /** As written, e.g. "2h". */
  readonly duration?: string;
  /**
   * Values at paths of the document, set after all other changes: one point of a plan or a sweep.
   */
  readonly values?: readonly ScenarioValue[];
}

/**
 * Reads, checks and normalises a scenario file and all files that it names. Every fault is an
 * InputError with its place.
 */
export async function readScenario(file: string, changes: ScenarioChanges = {}): Promise<Scenario> {
  return parseScenario(file, await readTextFile(file, "a scenario file (YAML)"), changes);
}

/**
 * The same for a text in memory. `file` is the name in messages; paths in the text are relative to
 * it.
 */
export async function parseScenario(file: string, text: string, changes: ScenarioChanges = {}): Promise<Scenario> {
  const written = parseYaml(file, text);
  refuseOtherKind(file, written.value, "scenario");
  const variant = withValues(changed(written.value, changes, file), changes.values ?? [], file);
  const yaml = placedValues(written, [...changedPlaces(changes, file), ...variant.set]);
  const files = new NamedFiles(file, yaml);
  const value = await withManifests(variant.document, files);
  const parsed = writtenScenario.safeParse(value);
  if (!parsed.success) {
    throw locatedFaults(file, yaml, faultsOf(parsed.error.issues, value, writtenScenario));
  }
  const faults: ScenarioFault[] = [];
  const resources = await readResources(parsed.data, files, changes.trace);
  const scenario = normaliseScenario(parsed.data, value, resources, faults);
  if (scenario === undefined) throw locatedFaults(file, yaml, faults);
  return changes.policies === undefined ? scenario : withPolicies(scenario, changes.policies, file);
}

/**
 * Applies the command line's changes to the document itself, so that they are checked like anything
 * else.
 */
function changed(value: unknown, changes: ScenarioChanges, file: string): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new InputError({
      code: "HR1206",
      where: { file, line: 1, column: 1 },
      got: "a document that is no scenario",
      expected: "keys such as name, duration, traffic",
      remedy: "See scenarios/ for examples",
    });
  }
  const next: Record<string, unknown> = { ...value };
  if (changes.seed !== undefined) next.seed = changes.seed;
  if (changes.replications !== undefined) next.replications = changes.replications;
  if (changes.duration !== undefined) next.duration = changes.duration;
  if (changes.policies !== undefined) next.policies = withRequestedKinds(next.policies, changes.policies);
  if (changes.trace !== undefined) {
    const { rate, start, end, mix, counts, history, repeat } = (next.traffic ?? {}) as Record<string, unknown>;
    const kept = Object.entries({ rate, start, end, mix, counts, history, repeat }).filter(
      ([, entry]) => entry !== undefined,
    );
    next.traffic = { source: "trace", file: changes.trace, ...Object.fromEntries(kept) };
  }
  if (changes.traceScale !== undefined) {
    // Either a scale or a rate sets a trace's level, so the requested scale replaces the rate.
    const { rate, ...traffic } = (next.traffic ?? {}) as Record<string, unknown>;
    const isFromFile = traffic.source === "trace" || traffic.source === "workload";
    next.traffic = { ...traffic, ...(isFromFile ? {} : { rate }), scale: changes.traceScale };
  }
  return next;
}

/** A changed number is not the one in the file at its place. */
function changedPlaces(changes: ScenarioChanges, file: string): SetValue[] {
  const keys = (["seed", "replications", "duration"] as const).filter((key) => changes[key] !== undefined);
  return keys.map((key) => ({ steps: [key], where: { file: `${file} with ${key} ${changes[key]}` } }));
}

/** A value that was set, and where a fault of it is reported. */
interface SetValue {
  readonly steps: Steps;
  readonly where: SourcePlace;
}

function withValues(document: unknown, values: readonly ScenarioValue[], file: string) {
  let next = document;
  const set: SetValue[] = [];
  for (const { path, value, where = { file: `${file} with ${path}` } } of values) {
    const steps = stepsOf(document, path, where);
    next = withValueAt(next, steps, value);
    set.push({ steps, where });
  }
  return { document: next, set };
}

/** The places in the file, except of values that were set. */
function placedValues(text: SourceText, set: readonly SetValue[]): SourceText {
  if (set.length === 0) return text;
  return {
    value: text.value,
    place(path, atKey) {
      const meant = set.find(({ steps }) => steps.every((step, i) => path[i] === step));
      return meant?.where ?? text.place(path, atKey);
    },
  };
}

/** A name selects the policy with that name, else all of that kind, in the requested order. */
function withPolicies(scenario: Scenario, wanted: readonly string[], file: string): Scenario {
  const policies = wanted.flatMap((name) => {
    const named = scenario.policies.filter((policy) => policy.name === name);
    const found = named.length > 0 ? named : scenario.policies.filter((policy) => policy.kind === name);
    if (found.length > 0) return found;
    const names = scenario.policies.map((policy) => policy.name);
    const meant = closest(name, [...names, ...Object.keys(policyKindSchemas)]);
    throw new InputError({
      code: "HR1208",
      where: file,
      got: `no policy named "${name}"`,
      expected: `one of ${names.join(", ")}, or a built-in kind`,
      ...(meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` }),
    });
  });
  return { ...scenario, policies: Array.from(new Set(policies)) };
}

/** Adds, with its defaults, each requested kind that no policy of the scenario has. */
function withRequestedKinds(policies: unknown, wanted: readonly string[]): unknown {
  if (!Array.isArray(policies)) return policies;
  const there = policies.flatMap((policy) => [policy?.name, policy?.kind]);
  const absent = wanted.filter((name) => !there.includes(name) && (name in policyKindSchemas || isModule(name)));
  return [...policies, ...Array.from(new Set(absent), (kind) => ({ kind }))];
}
