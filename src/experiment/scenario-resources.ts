import { dirname, isAbsolute, relative, resolve } from "node:path";
import { InputError } from "../base/errors.js";
import { type Dimension, formatCount, parseQuantity } from "../base/units.js";
import { workloadLevel } from "../traffic/generate.js";
import { readTextFile } from "../traffic/text-file.js";
import { readTraceCsv } from "../traffic/trace-csv.js";
import { readWorkloadModel } from "../traffic/workload-file.js";
import type { SourceText } from "../traffic/yaml-text.js";
import { traceSpan } from "../world/scenario/normalise-trace.js";
import type { Resources, SpawnProfile, TraceTable } from "../world/scenario/resources.js";
import type { WrittenScenario } from "../world/scenario/schema/document.js";
import { parseSpawnProfile } from "./spawn-profile.js";

const MAX_EMPIRICAL_VALUES = 1_000_000;
/** Ten years of minutes in one series are 5 million; 160 MB at most. */
const MAX_WORKLOAD_VALUES = 20_000_000;
const DAY_MS = 86_400_000;

/**
 * Reads every file that a scenario names; paths are relative to the scenario's own folder. `tracePath` is the trace that the command
 * line put in place of the source, relative to where the command runs. Throws InputError.
 */
export async function readResources(
  written: WrittenScenario,
  file: string,
  tracePath: string | undefined,
  yaml: SourceText,
): Promise<Resources> {
  const folder = dirname(resolve(file));
  const at = (path: string): string => (isAbsolute(path) ? path : resolve(folder, path));
  const empirical = new Map<string, Float64Array>();
  for (const [path, dimension] of empiricalFiles(written))
    empirical.set(path, await readValues(shown(at(path)), dimension));
  const profiles = new Map<string, SpawnProfile>();
  for (const path of profileFiles(written)) {
    const name = shown(at(path));
    profiles.set(path, parseSpawnProfile(name, await readTextFile(name, "a calibration (JSON)")));
  }
  return {
    trace: await readTraffic(written, tracePath, at, yaml),
    profile: (path) => profiles.get(path) ?? { valuesMs: new Float64Array([0]), contention: 0 },
    empirical: (path) => empirical.get(path) ?? new Float64Array([0]),
    modulePath: at,
  };
}

async function readTraffic(
  written: WrittenScenario,
  tracePath: string | undefined,
  at: (path: string) => string,
  yaml: SourceText,
): Promise<TraceTable | undefined> {
  const { source, file } = written.traffic;
  if (source !== "trace" && source !== "workload") return undefined;
  if (tracePath !== undefined) return readTraceCsv(tracePath);
  if (file === undefined) {
    const example = source === "trace" ? "../traces/evening-peak.csv" : "../traces/evening-peak.workload.json";
    throw new InputError({
      code: "HR1202",
      where: yaml.place(["traffic"], true),
      got: `source ${source} without file`,
      expected: "file",
      remedy: `For example file: ${example}`,
    });
  }
  return source === "trace" ? readTraceCsv(shown(at(file))) : readWorkload(written, shown(at(file)));
}

/** The level that a workload model gives over the simulated time and its history. The model's own seed draws its noise and its crowds. */
async function readWorkload(written: WrittenScenario, file: string): Promise<TraceTable> {
  const model = await readWorkloadModel(file);
  const { startMs, historyMs, lengthMs } = traceSpan(written, 0);
  const binMs = model.binSeconds * 1000;
  const fromMs = Math.floor((startMs - historyMs) / binMs) * binMs;
  const bins = Math.ceil((startMs + lengthMs - fromMs) / binMs) + 1;
  if (bins * model.series.length > MAX_WORKLOAD_VALUES) {
    throw new InputError({
      code: "HR1408",
      where: file,
      got: `${formatCount(bins * model.series.length)} bins for the simulated time and its history`,
      expected: `at most ${formatCount(MAX_WORKLOAD_VALUES)}`,
      remedy: "Shorten duration or traffic.history, or widen the model's binSeconds",
    });
  }
  return { ...workloadLevel(model, { startMs: fromMs, days: (bins * binMs) / DAY_MS }), file };
}

/** As a user would name it: relative to where the command runs, unless that climbs out of it far. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("../../..") ? path : short;
}

function classesOf({ fleet }: WrittenScenario) {
  return Array.isArray(fleet.streamlet) ? fleet.streamlet : [fleet.streamlet];
}

function profileFiles(written: WrittenScenario): string[] {
  return classesOf(written).flatMap(({ spawn }) =>
    typeof spawn === "object" && "profile" in spawn ? [spawn.profile] : [],
  );
}

/** Every `{kind: empirical, file}` with the dimension of its values. */
function empiricalFiles(written: WrittenScenario): [string, Dimension][] {
  const found: [string, Dimension][] = [];
  const look = (law: unknown, dimension: Dimension): void => {
    const { kind, file } = (typeof law === "object" && law !== null ? law : {}) as { kind?: string; file?: string };
    if (kind === "empirical" && file !== undefined) found.push([file, dimension]);
  };
  const { streams, fleet, faults } = written;
  look(streams.holding, "duration");
  look(streams.patience, "duration");
  look(streams.cpu, "number");
  look(streams.memory, "bytes");
  look(streams.bitrate, "bitrate");
  for (const one of classesOf(written)) look(one.spawn, "duration");
  look(fleet.warmStart, "duration");
  look(faults?.hostRepair, "duration");
  for (const policy of written.policies) look((policy as Record<string, unknown>).idleTimeout, "duration");
  return found;
}

/** One quantity per line; blank lines and lines that begin with # are passed over. */
export async function readValues(file: string, dimension: Dimension): Promise<Float64Array> {
  const lines = (await readTextFile(file, "a list of values, one per line")).split(/\r?\n/);
  const values: number[] = [];
  for (let i = 0; i < lines.length; i++) {
    const text = lines[i].trim();
    if (text === "" || text.startsWith("#")) continue;
    const value = parseQuantity(dimension, text);
    if (typeof value !== "number")
      throw new InputError({ code: "HR1203", where: { file, line: i + 1, column: 1 }, ...value });
    values.push(value);
    if (values.length > MAX_EMPIRICAL_VALUES)
      throw new InputError({
        code: "HR1211",
        where: file,
        got: "too many values",
        expected: `at most ${MAX_EMPIRICAL_VALUES}`,
      });
  }
  if (values.length === 0)
    throw new InputError({ code: "HR1211", where: file, got: "no value", expected: "one quantity per line" });
  return Float64Array.from(values);
}
