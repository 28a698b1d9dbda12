import { readFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, relative, resolve } from "node:path";
import { InputError, type InputFault } from "../base/errors.js";
import { closest } from "../base/spelling.js";
import { parseQuantity } from "../base/units.js";
import { readTraceCsv } from "../traffic/trace-csv.js";
import { normaliseScenario } from "../world/scenario/normalise.js";
import type { Resources, TraceTable } from "../world/scenario/resources.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { type WrittenScenario, writtenScenario } from "../world/scenario/schema/document.js";
import { faultsOf, type ScenarioFault } from "../world/scenario/schema/issues.js";
import { knownKeys } from "../world/scenario/schema/known-keys.js";
import { parseYaml, type YamlText } from "./yaml-text.js";

/** More faults than this are counted, not listed. */
const FAULTS_SHOWN = 20;
const MAX_EMPIRICAL_VALUES = 1_000_000;

/** What the command line changes in a scenario. */
export interface ScenarioChanges {
  readonly seed?: number;
  readonly replications?: number;
  /** Only these policies, by name or kind. */
  readonly policies?: readonly string[];
  /** This trace instead of the scenario's source. */
  readonly trace?: string;
  readonly traceScale?: number;
  /** As written, e.g. "2h". */
  readonly duration?: string;
}

/** Reads, checks and normalises a scenario file and all that it refers to; every fault is an InputError with its place. */
export async function readScenario(file: string, changes: ScenarioChanges = {}): Promise<Scenario> {
  const yaml = parseYaml(file, await readText(file));
  const value = changed(yaml.value, changes, file);
  const parsed = writtenScenario.safeParse(value);
  if (!parsed.success) {
    const faults = faultsOf(parsed.error.issues, value, (path) => knownKeys(writtenScenario, path));
    throw inputError(file, yaml, faults);
  }
  const faults: ScenarioFault[] = [];
  const resources = await readResources(parsed.data, file, changes, yaml);
  const scenario = normaliseScenario(parsed.data, value, resources, faults);
  if (scenario === undefined) throw inputError(file, yaml, faults);
  return changes.policies === undefined ? scenario : withPolicies(scenario, changes.policies, file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    const got =
      code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a directory" : `a file that cannot be read (${code})`;
    throw new InputError({ where: file, got, expected: "a scenario file (YAML)", remedy: "Check the path" });
  }
}

/** Applies the command line's changes to the document itself, so that they are checked like anything else. */
function changed(value: unknown, changes: ScenarioChanges, file: string): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new InputError({
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
  if (changes.trace !== undefined) {
    const { rate, mix, counts, history, repeat } = (next.traffic ?? {}) as Record<string, unknown>;
    const kept = Object.entries({ rate, mix, counts, history, repeat }).filter(([, entry]) => entry !== undefined);
    next.traffic = { source: "trace", file: changes.trace, ...Object.fromEntries(kept) };
  }
  if (changes.traceScale !== undefined) next.traffic = { ...(next.traffic as object), scale: changes.traceScale };
  return next;
}

function inputError(file: string, yaml: YamlText, faults: readonly ScenarioFault[]): InputError {
  const located: InputFault[] = faults.slice(0, FAULTS_SHOWN).map((fault) => ({
    where: yaml.place(fault.path, fault.atKey),
    got: fault.path.length === 0 || fault.atKey === true ? fault.got : `${pathText(fault.path)}: ${fault.got}`,
    ...(fault.expected === undefined ? {} : { expected: fault.expected }),
    ...(fault.remedy === undefined ? {} : { remedy: fault.remedy }),
  }));
  if (faults.length > FAULTS_SHOWN)
    located.push({ where: file, got: `and ${faults.length - FAULTS_SHOWN} more faults` });
  return new InputError(located[0] ?? { where: file, got: "a scenario that cannot be used" }, located.slice(1));
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");
}

async function readResources(
  written: WrittenScenario,
  file: string,
  changes: ScenarioChanges,
  yaml: YamlText,
): Promise<Resources> {
  const folder = dirname(resolve(file));
  const at = (path: string): string => (isAbsolute(path) ? path : resolve(folder, path));
  const empirical = new Map<string, Float64Array>();
  for (const [path, dimension] of empiricalFiles(written))
    empirical.set(path, await readValues(shown(at(path)), dimension));
  return {
    trace: await readTrace(written, changes, at, yaml),
    empirical: (path) => empirical.get(path) ?? new Float64Array([0]),
    modulePath: at,
  };
}

async function readTrace(
  written: WrittenScenario,
  changes: ScenarioChanges,
  at: (path: string) => string,
  yaml: YamlText,
): Promise<TraceTable | undefined> {
  const { source, file } = written.traffic;
  if (source !== "trace") return undefined;
  if (file === undefined) {
    throw new InputError({
      where: yaml.place(["traffic"], true),
      got: `source ${source} without file`,
      expected: "file",
      remedy: "For example file: ../traces/evening-peak.csv",
    });
  }
  const path = changes.trace === undefined ? shown(at(file)) : file;
  return readTraceCsv(path);
}

/** As a user would name it: relative to where the command runs, unless that climbs out of it far. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("../../..") ? path : short;
}

/** Every `{kind: empirical, file}` with the dimension of its values. */
function empiricalFiles(written: WrittenScenario): [string, "duration" | "bytes" | "bitrate" | "number"][] {
  const found: [string, "duration" | "bytes" | "bitrate" | "number"][] = [];
  const look = (law: unknown, dimension: "duration" | "bytes" | "bitrate" | "number"): void => {
    const { kind, file } = (typeof law === "object" && law !== null ? law : {}) as { kind?: string; file?: string };
    if (kind === "empirical" && file !== undefined) found.push([file, dimension]);
  };
  const { streams, fleet, faults } = written;
  look(streams.holding, "duration");
  look(streams.patience, "duration");
  look(streams.cpu, "number");
  look(streams.memory, "bytes");
  look(streams.bitrate, "bitrate");
  for (const one of Array.isArray(fleet.streamlet) ? fleet.streamlet : [fleet.streamlet]) look(one.spawn, "duration");
  look(fleet.warmStart, "duration");
  look(faults?.hostRepair, "duration");
  for (const policy of written.policies) look((policy as Record<string, unknown>).idleTimeout, "duration");
  return found;
}

/** One quantity per line; blank lines and lines that begin with # are passed over. */
async function readValues(file: string, dimension: "duration" | "bytes" | "bitrate" | "number"): Promise<Float64Array> {
  const lines = (await readText(file)).split(/\r?\n/);
  const values: number[] = [];
  for (let i = 0; i < lines.length; i++) {
    const text = lines[i].trim();
    if (text === "" || text.startsWith("#")) continue;
    const value = parseQuantity(dimension, text);
    if (typeof value !== "number") throw new InputError({ where: { file, line: i + 1, column: 1 }, ...value });
    values.push(value);
    if (values.length > MAX_EMPIRICAL_VALUES)
      throw new InputError({ where: file, got: "too many values", expected: `at most ${MAX_EMPIRICAL_VALUES}` });
  }
  if (values.length === 0) throw new InputError({ where: file, got: "no value", expected: "one quantity per line" });
  return Float64Array.from(values);
}

function withPolicies(scenario: Scenario, wanted: readonly string[], file: string): Scenario {
  const policies = wanted.map((name) => {
    const found = scenario.policies.find((policy) => policy.name === name || policy.kind === name);
    if (found !== undefined) return found;
    const names = scenario.policies.map((policy) => policy.name);
    const meant = closest(name, names);
    throw new InputError({
      where: file,
      got: `no policy named "${name}"`,
      expected: `one of ${names.join(", ")}`,
      ...(meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` }),
    });
  });
  return { ...scenario, policies: Array.from(new Set(policies)) };
}

/** The file's name without folder and ending: the default name of its report. */
export function scenarioStem(file: string): string {
  return basename(file).replace(/\.ya?ml$/i, "");
}
