import { InputError } from "../base/errors.js";
import { type Dimension, formatCount, parseQuantity } from "../base/units.js";
import { workloadLevel } from "../traffic/generate.js";
import { readTextFile } from "../traffic/text-file.js";
import { readWorkloadModel } from "../traffic/workload-file.js";
import type { Resources, SpawnProfile, TraceTable } from "../world/scenario/resources.js";
import type { WrittenScenario } from "../world/scenario/schema/document.js";
import type { WrittenLaw } from "../world/scenario/schema/law.js";
import { traceSpan, type WrittenTrace } from "../world/scenario/sections/traffic.js";
import type { NamedFiles } from "./named-files.js";
import { parseSpawnProfile } from "./spawn-profile.js";

const MAX_EMPIRICAL_VALUES = 1_000_000;
/** Ten years of minutes in one series are 5 million; 160 MB at most. */
const MAX_WORKLOAD_VALUES = 20_000_000;
const DAY_MS = 86_400_000;

/** Where a path is written in the scenario. */
type Keys = readonly (string | number)[];

/**
 * Reads every file that a scenario names. `tracePath` is the trace that the command line puts in
 * place of the source, relative to the working folder. Throws InputError.
 */
export async function readResources(
  written: WrittenScenario,
  files: NamedFiles,
  tracePath: string | undefined,
): Promise<Resources> {
  const empirical = new Map<string, Float64Array>();
  for (const { path, keys, dimension } of empiricalFiles(written, []))
    empirical.set(path, await files.read(keys, path, (name) => readValues(name, dimension)));
  const profiles = new Map<string, SpawnProfile>();
  for (const { path, keys } of profileFiles(written)) {
    const read = async (name: string) => parseSpawnProfile(name, await readTextFile(name, "a calibration (JSON)"));
    profiles.set(path, await files.read(keys, path, read));
  }
  return {
    trace: await readTraffic(written, tracePath, files),
    profile: (path) => profiles.get(path) ?? { valuesMs: new Float64Array([0]), contention: 0 },
    empirical: (path) => empirical.get(path) ?? new Float64Array([0]),
    modulePath: (path) => files.at(path),
  };
}

async function readTraffic(
  { traffic, duration }: WrittenScenario,
  tracePath: string | undefined,
  files: NamedFiles,
): Promise<TraceTable | undefined> {
  if (traffic.source !== "trace" && traffic.source !== "workload") return undefined;
  // Loaded only for a trace: the parser of CSV adds 1 MB.
  const { readTraceCsv } = await import("../traffic/trace-csv.js");
  if (traffic.source === "trace" && tracePath !== undefined) return readTraceCsv(tracePath);
  return files.read(["traffic", "file"], traffic.file, (name) =>
    traffic.source === "trace" ? readTraceCsv(name) : readWorkload(traffic, duration, name),
  );
}

/**
 * The level that a workload model gives over the simulated time and its history. The model's own
 * seed determines its noise and its crowds.
 */
async function readWorkload(traffic: WrittenTrace, durationMs: number, file: string): Promise<TraceTable> {
  const model = await readWorkloadModel(file);
  const { startMs, historyMs, lengthMs } = traceSpan(traffic, durationMs, 0);
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

function profileFiles({ fleet }: WrittenScenario): { readonly path: string; readonly keys: Keys }[] {
  const classes = Array.isArray(fleet.streamlet) ? fleet.streamlet : [fleet.streamlet];
  return classes.flatMap(({ spawn }, index) => {
    if (typeof spawn !== "object" || !("profile" in spawn)) return [];
    const at = Array.isArray(fleet.streamlet) ? [index] : [];
    return [{ path: spawn.profile, keys: ["fleet", "streamlet", ...at, "spawn", "profile"] }];
  });
}

interface EmpiricalFile {
  readonly path: string;
  readonly keys: Keys;
  readonly dimension: Dimension;
}

/** The file of every empirical distribution, at any path, with the dimension of its values. */
function empiricalFiles(written: unknown, at: Keys): EmpiricalFile[] {
  if (written === null || typeof written !== "object") return [];
  const { kind, file, dimension } = written as Partial<Extract<WrittenLaw, { kind: "empirical" }>>;
  if (kind === "empirical" && file !== undefined && dimension !== undefined)
    return [{ path: file, keys: [...at, "file"], dimension }];
  const isList = Array.isArray(written);
  return Object.entries(written).flatMap(([key, value]) => empiricalFiles(value, [...at, isList ? Number(key) : key]));
}

/** One quantity per line; blank lines and lines that begin with # are skipped. */
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
