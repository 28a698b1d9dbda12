import { relative, resolve } from "node:path";
import { InputError } from "../base/errors.js";
import { metricNames } from "../control/policies/hpa-metrics.js";
import { readTextFile } from "../traffic/text-file.js";
import { parseYamlStream } from "../traffic/yaml-text.js";
import type { FirstManifest } from "./first-scenario.js";

const kinds: ReadonlyMap<unknown, FirstManifest["kind"]> = new Map([
  ["HorizontalPodAutoscaler", "hpa"],
  ["ScaledObject", "keda"],
]);

/** What words in the name of a metric make likely. */
const guesses: readonly (readonly [RegExp, (typeof metricNames)[number]])[] = [
  [/wait|queue|backlog|pending|lag/i, "waiting-requests"],
  [/per.?sec|rps|qps|rate|requests/i, "arrivals-per-second"],
  [/open|active|concurren|connection|session|stream/i, "open-streams"],
];

interface Written {
  readonly kind?: unknown;
  readonly spec?: { readonly metrics?: readonly unknown[]; readonly triggers?: readonly unknown[] };
}

/**
 * The HorizontalPodAutoscaler or ScaledObject of a manifest, for a scenario in `folder`. Metrics
 * that `given` (NAME=METRIC) does not name are guessed by their names; notes list them. Throws
 * InputError if there is no such object.
 */
export async function firstManifest(
  file: string,
  folder: string,
  given: readonly string[],
): Promise<{ readonly first: FirstManifest; readonly notes: readonly string[] }> {
  const documents = parseYamlStream(file, await readTextFile(file, "a Kubernetes manifest (YAML)"));
  const objects = documents.map(({ value }) => value as Written | null);
  const object = objects.find((one) => kinds.has(one?.kind));
  const kind = kinds.get(object?.kind);
  if (object === undefined || object === null || kind === undefined) {
    throw new InputError({
      code: "HR1212",
      where: file,
      got: objects.map((one) => String(one?.kind ?? "an object without a kind")).join(", ") || "an empty file",
      expected: `one of ${[...kinds.keys()].join(", ")}`,
    });
  }
  const names = new Map(given.map(namedMetric));
  const notes: string[] = [];
  for (const name of ownMetrics(object)) {
    if (names.has(name) || metricNames.some((known) => known === name)) continue;
    const metric = guesses.find(([words]) => words.test(name))?.[1] ?? "demand";
    names.set(name, metric);
    notes.push(`The metric ${name} is taken for ${metric}, by its name. If that is wrong: --metric ${name}=…`);
  }
  return { first: { kind, file: relative(folder, resolve(file)), metricNames: names }, notes };
}

function namedMetric(text: string): readonly [string, string] {
  const [name, metric = ""] = text.split("=", 2);
  if (metricNames.some((known) => known === metric)) return [name, metric];
  throw new InputError({
    code: "HR1005",
    where: "--metric",
    got: `"${text.slice(0, 60)}"`,
    expected: `NAME=METRIC, and METRIC one of ${metricNames.join(", ")}`,
  });
}

/** The names of metrics that stand in a manifest, but for CPU and memory. */
function ownMetrics({ spec }: Written): string[] {
  const text = (value: unknown): string[] => (typeof value === "string" ? [value] : []);
  const of = (value: unknown, ...path: readonly string[]): unknown =>
    path.reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], value);
  const metrics = (spec?.metrics ?? []).flatMap((metric) =>
    ["pods", "external", "object"].flatMap((type) => text(of(metric, type, "metric", "name"))),
  );
  // KEDA names a metric by its trigger, by the scaler's metricName, or by the type alone.
  const triggers = (spec?.triggers ?? []).flatMap((trigger) => {
    const names = [of(trigger, "name"), of(trigger, "metadata", "metricName"), of(trigger, "type")].flatMap(text);
    const isKnown = names.some((name) => [...metricNames, "cpu", "memory", "cron"].includes(name));
    return isKnown ? [] : names.slice(0, 1);
  });
  return [...metrics, ...triggers];
}
