import { readTextFile } from "../traffic/text-file.js";
import { hpaManifestKnobs } from "./hpa-manifest.js";
import { kedaManifestKnobs } from "./keda-manifest.js";
import { isMeaningOfType } from "./keda-scalers.js";
import { kubernetesObject } from "./kubernetes-object.js";
import { MetricMeanings } from "./metric-meanings.js";
import type { NamedFiles } from "./named-files.js";

type Entry = Readonly<Record<string, unknown>>;

interface ManifestReader {
  readonly object: string;
  readonly knobsOf: typeof hpaManifestKnobs;
  /** Whether `metricNames` may have this entry where the manifest has no metric of that name. */
  readonly isShared: (name: string, metric: string) => boolean;
}

/**
 * The Kubernetes object that a kind of policy is read from, and its conversion to knobs as a
 * scenario writes them.
 */
const manifestReaders = new Map<unknown, ManifestReader>([
  ["hpa", { object: "HorizontalPodAutoscaler", knobsOf: hpaManifestKnobs, isShared: () => false }],
  ["keda", { object: "ScaledObject", knobsOf: kedaManifestKnobs, isShared: isMeaningOfType }],
]);

/**
 * The scenario's document with the knobs of the Kubernetes object in place of each `manifest: FILE`
 * of an `hpa` or `keda` policy, or of a hybrid's reactive part. Knobs written beside it win.
 * FILE#NAME selects the object of that metadata.name. Paths are relative to the scenario. Throws
 * InputError with the place in the manifest.
 */
export async function withManifests(document: unknown, files: NamedFiles): Promise<unknown> {
  const { policies } = document as { policies?: unknown };
  if (!Array.isArray(policies)) return document;
  const read: unknown[] = [];
  for (const [index, policy] of policies.entries()) read.push(await withManifest(policy, ["policies", index], files));
  return { ...(document as object), policies: read };
}

async function withManifest(policy: unknown, keys: readonly (string | number)[], files: NamedFiles): Promise<unknown> {
  if (policy === null || typeof policy !== "object") return policy;
  const entry = policy as Entry;
  if (entry.kind === "hybrid" && entry.reactive !== undefined) {
    const reactive = await withManifest(entry.reactive, [...keys, "reactive"], files);
    if (reactive === entry.reactive) return policy;
    // The bounds are the hybrid's own.
    const { min, max, ...rest } = reactive as Entry;
    return { min, max, ...entry, reactive: rest };
  }
  const { kind, manifest, metricNames, ...own } = entry;
  const reader = manifestReaders.get(kind);
  if (typeof manifest !== "string" || reader === undefined) return policy;
  const [name, object] = manifest.split("#", 2);
  return files.read([...keys, "manifest"], name, async (file) => {
    const source = await readTextFile(file, "a Kubernetes manifest (YAML)");
    const text = kubernetesObject(file, source, reader.object, object);
    const meanings = new MetricMeanings(namesOf(metricNames));
    const knobs = reader.knobsOf(file, text, meanings);
    const unused = meanings.unused(reader.isShared);
    if (unused !== undefined)
      throw files.faultAt({
        code: "HR1201",
        path: [...keys, "metricNames", unused.name],
        atKey: true,
        got: `a name that ${file} does not have: "${unused.name}"`,
        expected:
          unused.manifestHas.length === 0
            ? "none: its metrics need no names"
            : `one of ${unused.manifestHas.join(", ")}`,
      });
    return { kind, ...knobs, ...own };
  });
}

function namesOf(metricNames: unknown): ReadonlyMap<string, string> {
  const named = metricNames !== null && typeof metricNames === "object" ? metricNames : {};
  return new Map(Object.entries(named).map(([name, metric]) => [name, String(metric)]));
}
