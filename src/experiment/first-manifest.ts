import { relative, resolve } from "node:path";
import { InputError } from "../base/errors.js";
import { metricNames } from "../control/policies/hpa-metrics.js";
import { readTextFile } from "../traffic/text-file.js";
import type { FirstManifest } from "./first-scenario.js";
import { kubernetesObjects, nameOf } from "./kubernetes-object.js";

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
 * The HorizontalPodAutoscaler or ScaledObject of a manifest, for a scenario in `folder`; FILE#NAME
 * selects one of several. Metrics that `given` (NAME=METRIC) does not name are guessed by their
 * names; notes list them. Throws InputError if there is no such object.
 */
export async function firstManifest(
  file: string,
  folder: string,
  given: readonly string[],
): Promise<{ readonly first: FirstManifest; readonly notes: readonly string[] }> {
  const [path, wanted] = file.split("#", 2);
  const { object, kind } = onlyObject(path, await readTextFile(path, "a Kubernetes manifest (YAML)"), wanted);
  const names = new Map(given.map(namedMetric));
  const notes: string[] = [];
  for (const name of ownMetrics(object)) {
    if (names.has(name) || metricNames.some((known) => known === name)) continue;
    const metric = guesses.find(([words]) => words.test(name))?.[1] ?? "demand";
    names.set(name, metric);
    notes.push(`The metric ${name} is taken for ${metric}, by its name. If that is wrong: --metric ${name}=…`);
  }
  const shown = `${relative(folder, resolve(path))}${wanted === undefined ? "" : `#${wanted}`}`;
  return { first: { kind, file: shown, metricNames: names }, notes };
}

/** The only object of a kind that can be read, or the one with that metadata.name. */
function onlyObject(file: string, text: string, wanted: string | undefined) {
  const all = kubernetesObjects(file, text);
  const read = all.flatMap((source) => {
    const object = (source.value ?? {}) as Written;
    const kind = kinds.get(object.kind);
    return kind === undefined ? [] : [{ object, kind, name: nameOf(source) ?? "(without a name)" }];
  });
  const found = wanted === undefined ? read : read.filter(({ name }) => name === wanted);
  if (found.length === 1) return found[0];
  if (read.length === 0) {
    const kindsThere = all.map(({ value }) => String((value as Written | null)?.kind ?? "an object without a kind"));
    throw new InputError({
      code: "HR1212",
      where: file,
      got: kindsThere.join(", ") || "an empty file",
      expected: `one of ${[...kinds.keys()].join(", ")}`,
    });
  }
  const names = read.map(({ object, name }) => `${String(object.kind)} ${name}`).join(", ");
  throw new InputError({
    code: "HR1212",
    where: file,
    got: wanted === undefined ? names : `no object named "${wanted}"`,
    expected: wanted === undefined ? "one of them" : `one of ${names}`,
    remedy: `Name one: --hpa ${file}#${read[0].name}`,
  });
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

/** The metric names in a manifest, except CPU and memory. */
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
