import { dirname, isAbsolute, relative, resolve } from "node:path";
import { readTextFile } from "../traffic/text-file.js";
import { hpaManifestKnobs } from "./hpa-manifest.js";
import { kedaManifestKnobs } from "./keda-manifest.js";
import { kubernetesObject } from "./kubernetes-object.js";

type Entry = Readonly<Record<string, unknown>>;

/**
 * The Kubernetes object that a kind of policy is read from, and what turns it into knobs as a
 * scenario writes them.
 */
const manifestReaders = new Map<unknown, { readonly object: string; readonly knobsOf: typeof hpaManifestKnobs }>([
  ["hpa", { object: "HorizontalPodAutoscaler", knobsOf: hpaManifestKnobs }],
  ["keda", { object: "ScaledObject", knobsOf: kedaManifestKnobs }],
]);

/**
 * The scenario's document with the knobs of the Kubernetes object in place of each `manifest: FILE`
 * of an `hpa` or `keda` policy, or of a hybrid's reactive part. Knobs written beside it win.
 * FILE#NAME selects the object of that metadata.name. Paths are relative to the scenario. Throws
 * InputError with the place in the manifest.
 */
export async function withManifests(document: unknown, scenarioFile: string): Promise<unknown> {
  const { policies } = document as { policies?: unknown };
  if (!Array.isArray(policies)) return document;
  const folder = dirname(resolve(scenarioFile));
  const read: unknown[] = [];
  for (const policy of policies) read.push(await withManifest(policy, folder));
  return { ...(document as object), policies: read };
}

async function withManifest(policy: unknown, folder: string): Promise<unknown> {
  if (policy === null || typeof policy !== "object") return policy;
  const entry = policy as Entry;
  if (entry.kind === "hybrid" && entry.reactive !== undefined) {
    const reactive = await withManifest(entry.reactive, folder);
    if (reactive === entry.reactive) return policy;
    // The bounds are the hybrid's own.
    const { min, max, ...rest } = reactive as Entry;
    return { min, max, ...entry, reactive: rest };
  }
  const { kind, manifest, metricNames, ...own } = entry;
  const reader = manifestReaders.get(kind);
  if (typeof manifest !== "string" || reader === undefined) return policy;
  const [name, object] = manifest.split("#", 2);
  const path = isAbsolute(name) ? name : resolve(folder, name);
  const file = shown(path);
  const source = await readTextFile(file, "a Kubernetes manifest (YAML)");
  const text = kubernetesObject(file, source, reader.object, object);
  return { kind, ...reader.knobsOf(file, text, namesOf(metricNames)), ...own };
}

function namesOf(metricNames: unknown): Readonly<Record<string, string>> {
  const named = metricNames !== null && typeof metricNames === "object" ? metricNames : {};
  return Object.fromEntries(Object.entries(named).map(([name, metric]) => [name, String(metric)]));
}

/**
 * A path as a user would write it: relative to the working directory, unless that needs many "..".
 */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("../../..") ? path : short;
}
