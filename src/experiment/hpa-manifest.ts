import { z } from "../base/zod.js";
import type { SourceText } from "../traffic/yaml-text.js";
import type { ScenarioFault } from "../world/scenario/schema/issues.js";
import { keysElsewhere } from "../world/scenario/schema/known-keys.js";
import { locatedFaults } from "./located-faults.js";
import { behaviour, behaviourKnobs, checkedManifest, k8sQuantity, versionOf } from "./manifest-parts.js";
import type { MetricMeanings } from "./metric-meanings.js";

const target = z.strictObject({
  type: z.enum(["Utilization", "Value", "AverageValue"]),
  averageUtilization: z.number().int().min(1).optional(),
  averageValue: k8sQuantity.optional(),
  value: k8sQuantity.optional(),
});
const named = z.looseObject({ name: z.string().min(1) });
const resource = z.strictObject({ name: z.string(), container: z.string().optional(), target });
const custom = z.strictObject({ metric: named, describedObject: z.unknown().optional(), target });
const metric = z.strictObject({
  type: z.enum(["Resource", "ContainerResource", "Pods", "External", "Object"]),
  resource: resource.optional(),
  containerResource: resource.optional(),
  pods: custom.optional(),
  external: custom.optional(),
  object: custom.optional(),
});
type Metric = z.infer<typeof metric>;

const manifest = z.looseObject({
  kind: z.literal("HorizontalPodAutoscaler"),
  spec: z.strictObject({
    scaleTargetRef: z.unknown().optional(),
    minReplicas: z.number().int().min(0).optional(),
    maxReplicas: z.number().int().min(1),
    metrics: z.array(metric).optional(),
    behavior: behaviour.optional(),
  }),
});

/** v1 has one metric: CPU utilisation in per cent. */
const manifestV1 = z.looseObject({
  kind: z.literal("HorizontalPodAutoscaler"),
  metadata: z.looseObject({ annotations: z.record(z.string(), z.unknown()).optional() }).optional(),
  spec: z.strictObject({
    scaleTargetRef: z.unknown().optional(),
    minReplicas: z.number().int().min(0).optional(),
    maxReplicas: z.number().int().min(1),
    targetCPUUtilizationPercentage: z.number().int().min(1).optional(),
  }),
});

const WRITE_V2 = "autoscaling/v1 has it: write metrics with type Resource, name cpu and averageUtilization";
keysElsewhere.add(manifest.shape.spec, new Map([["targetCPUUtilizationPercentage", WRITE_V2]]));
const WRITE_V1 = "autoscaling/v2 has it: change apiVersion, and write v1's target as one of the metrics";
keysElsewhere.add(manifestV1.shape.spec, new Map(["metrics", "behavior"].map((key) => [key, WRITE_V1] as const)));

type Spec = z.infer<typeof manifest>["spec"];
type SpecReader = (file: string, text: SourceText) => Spec;
const readSpec: SpecReader = (file, text) => checkedManifest(file, text, manifest).spec;

/**
 * How each version's spec is read, as one of v2. v2beta2 equals v2 (renamed in Kubernetes 1.23).
 */
const versions: ReadonlyMap<string, SpecReader> = new Map([
  ["autoscaling/v2", readSpec],
  ["autoscaling/v2beta2", readSpec],
  ["autoscaling/v1", readSpecV1],
]);

/** Where each type of metric keeps its part. */
const parts = {
  Resource: "resource",
  ContainerResource: "containerResource",
  Pods: "pods",
  External: "external",
  Object: "object",
} as const;

/**
 * Without metrics the API server sets CPU at 80 % (kubernetes pkg/apis/autoscaling/v2/defaults.go).
 */
const DEFAULT_CPU_UTILISATION = 0.8;
const KUBECTL = "kubectl get hpa.v2.autoscaling NAME -o yaml writes one of any version as v2";

/**
 * The knobs of an autoscaling/v2 HorizontalPodAutoscaler. A resource metric becomes open streams /
 * slots, whatever the resource; an Object metric counts as an external one. `meanings` maps its
 * names to Headrace's metrics. Throws InputError at the place of each fault.
 */
export function hpaManifestKnobs(file: string, text: SourceText, meanings: MetricMeanings): Record<string, unknown> {
  const spec = versionOf(file, text, versions, KUBECTL)(file, text);
  const min = spec.minReplicas ?? 1;
  const faults: ScenarioFault[] = [];
  if (min > spec.maxReplicas) {
    faults.push({
      path: ["spec", spec.minReplicas === undefined ? "maxReplicas" : "minReplicas"],
      got: `minReplicas ${min} above maxReplicas ${spec.maxReplicas}`,
      expected: "minReplicas ≤ maxReplicas",
    });
  }
  if (min === 0 && !(spec.metrics ?? []).some(({ type }) => type === "Object" || type === "External")) {
    faults.push({
      path: ["spec", "minReplicas"],
      got: "minReplicas 0 without an Object or External metric",
      expected: "1 or more, or such a metric, as the API server demands",
      remedy: "With no pod there are no metrics of pods, so nothing would ever start one",
    });
  }
  const metrics = (spec.metrics ?? []).map((one, i) => metricKnobs(one, ["spec", "metrics", i], meanings, faults));
  if (faults.length > 0) throw locatedFaults(file, text, faults);
  return {
    min,
    max: spec.maxReplicas,
    metrics: metrics.length > 0 ? metrics : [{ type: "resource", targetUtilisation: DEFAULT_CPU_UTILISATION }],
    ...behaviourKnobs(spec.behavior),
  };
}

/** A cluster keeps settings without a v1 field in annotations: further metrics, and behaviour. */
const KEPT_IN_V1: readonly string[] = ["metrics", "behavior"].map((what) => `autoscaling.alpha.kubernetes.io/${what}`);

function refuseKeptInV1(file: string, text: SourceText, annotations: readonly string[]): void {
  const kept = annotations.find((name) => KEPT_IN_V1.includes(name));
  if (kept === undefined) return;
  const path = ["metadata", "annotations", kept];
  const fault = { path, atKey: true, got: `${kept}, which v1 has no field for`, expected: "autoscaling/v2" };
  throw locatedFaults(file, text, [{ ...fault, remedy: KUBECTL }]);
}

function readSpecV1(file: string, text: SourceText): Spec {
  const { metadata, spec: written } = checkedManifest(file, text, manifestV1);
  refuseKeptInV1(file, text, Object.keys(metadata?.annotations ?? {}));
  const { targetCPUUtilizationPercentage: percent, ...spec } = written;
  if (percent === undefined) return spec;
  const target = { type: "Utilization" as const, averageUtilization: percent };
  return { ...spec, metrics: [{ type: "Resource", resource: { name: "cpu", target } }] };
}

function metricKnobs(
  one: Metric,
  path: readonly (string | number)[],
  meanings: MetricMeanings,
  faults: ScenarioFault[],
): Record<string, unknown> {
  const key = parts[one.type];
  const part = one[key];
  if (part === undefined) {
    faults.push({ path, got: `a metric of type ${one.type} without ${key}`, expected: key });
    return {};
  }
  const { target: wanted } = part;
  const at = [...path, key, "target"];
  const refused = refusedByServer(one, path);
  faults.push(...refused);
  if (refused.length > 0) return {};
  if ("name" in part) {
    if (wanted.type === "Utilization" && wanted.averageUtilization !== undefined)
      return { type: "resource", targetUtilisation: wanted.averageUtilization / 100 };
    faults.push({
      path: at,
      got: `a ${one.type} target of type ${wanted.type}`,
      expected: "type: Utilization with averageUtilization",
      remedy: "Open streams / slots replaces a streamlet's CPU here; it has no absolute value",
    });
    return {};
  }
  const meant = meanings.meant([part.metric.name], [...path, key, "metric", "name"]);
  if (typeof meant !== "string") {
    faults.push(meant);
    return {};
  }
  if (wanted.type === "AverageValue" && wanted.averageValue !== undefined)
    return { type: one.type === "Pods" ? "pods" : "external", metric: meant, averageValue: wanted.averageValue };
  if (wanted.type === "Value" && wanted.value !== undefined && one.type !== "Pods")
    return { type: "external", metric: meant, value: wanted.value };
  faults.push({
    path: at,
    got: `a ${one.type} target of type ${wanted.type}`,
    expected:
      one.type === "Pods"
        ? "type: AverageValue with averageValue"
        : "Value with value, or AverageValue with averageValue",
  });
  return {};
}

const TARGET_VALUES = ["averageUtilization", "averageValue", "value"] as const;

/** Combinations that the API server refuses; choosing one of two would be a guess. */
function refusedByServer(one: Metric, path: readonly (string | number)[]): ScenarioFault[] {
  const key = parts[one.type];
  const faults: ScenarioFault[] = [];
  const other = Object.values(parts).find((name) => name !== key && one[name] !== undefined);
  if (other !== undefined)
    faults.push({
      path: [...path, other],
      got: `${other} in a metric of type ${one.type}`,
      expected: `${key} alone`,
      remedy: "Write each metric as an entry of its own",
    });
  const target = one[key]?.target;
  const values = TARGET_VALUES.filter((name) => target?.[name] !== undefined);
  if (values.length > 1)
    faults.push({ path: [...path, key, "target"], got: values.join(" and "), expected: "one of them" });
  const isContainer = one.type === "ContainerResource";
  const named = isContainer ? one.containerResource?.container : one.resource?.container;
  if (isContainer && named === undefined)
    faults.push({ path: [...path, key], got: "a ContainerResource without container", expected: "container" });
  if (one.type === "Resource" && named !== undefined)
    faults.push({
      path: [...path, key, "container"],
      got: "a container in a Resource metric",
      expected: "type: ContainerResource for one container, or no container",
    });
  return faults;
}
