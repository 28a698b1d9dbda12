import { z } from "zod";
import type { SourceText } from "../traffic/yaml-text.js";
import type { ScenarioFault } from "../world/scenario/schema/issues.js";
import { locatedFaults } from "./located-faults.js";
import { behaviour, behaviourKnobs, checkedManifest, k8sQuantity, metricMeant } from "./manifest-parts.js";

const trigger = z.looseObject({
  type: z.string().min(1),
  name: z.string().optional(),
  metricType: z.enum(["AverageValue", "Value", "Utilization"]).optional(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
type Trigger = z.infer<typeof trigger>;

const seconds = z.number().int().min(0);
const count = z.number().int().min(0);
const manifest = z.looseObject({
  apiVersion: z.literal("keda.sh/v1alpha1"),
  kind: z.literal("ScaledObject"),
  spec: z.strictObject({
    scaleTargetRef: z.unknown().optional(),
    pollingInterval: seconds.min(1).optional(),
    cooldownPeriod: seconds.optional(),
    initialCooldownPeriod: seconds.optional(),
    idleReplicaCount: count.optional(),
    minReplicaCount: count.optional(),
    maxReplicaCount: count.min(1).optional(),
    fallback: z.unknown().optional(),
    triggers: z.array(trigger).min(1),
    advanced: z
      .looseObject({ horizontalPodAutoscalerConfig: z.looseObject({ behavior: behaviour.optional() }).optional() })
      .optional(),
  }),
});

/** What KEDA fills in (apis/keda/v1alpha1: defaultHPAMaxReplicas). */
const DEFAULT_MAX_REPLICAS = 100;

/** Under which of these a scaler keeps its threshold (kedacore/keda pkg/scalers). */
const THRESHOLD_KEYS = [
  "threshold",
  "targetValue",
  "value",
  "queueLength",
  "lagThreshold",
  "listLength",
  "targetMetricValue",
];

/**
 * The knobs of a keda.sh/v1alpha1 ScaledObject. A trigger means the metric that its name, its `metricName` or its type is called in `meanings`, or is.
 * Throws InputError at the place of each fault.
 */
export function kedaManifestKnobs(
  file: string,
  text: SourceText,
  meanings: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const { spec } = checkedManifest(file, text, manifest);
  const min = spec.minReplicaCount ?? 0;
  const max = spec.maxReplicaCount ?? DEFAULT_MAX_REPLICAS;
  const faults: ScenarioFault[] = [];
  if (min > max) {
    faults.push({
      path: ["spec", "minReplicaCount"],
      got: `minReplicaCount ${min} above maxReplicaCount ${max}`,
      expected: "minReplicaCount ≤ maxReplicaCount",
    });
  }
  const triggers = spec.triggers.map((one, i) => triggerKnobs(one, ["spec", "triggers", i], meanings, faults));
  if (faults.length > 0) throw locatedFaults(file, text, faults);
  const duration = (written: number | undefined): string | undefined =>
    written === undefined ? undefined : `${written}s`;
  const knobs = {
    min,
    max,
    triggers,
    pollingInterval: duration(spec.pollingInterval),
    cooldownPeriod: duration(spec.cooldownPeriod),
    initialCooldownPeriod: duration(spec.initialCooldownPeriod),
    idleReplicaCount: spec.idleReplicaCount,
    ...behaviourKnobs(spec.advanced?.horizontalPodAutoscalerConfig?.behavior),
  };
  return Object.fromEntries(Object.entries(knobs).filter(([, value]) => value !== undefined));
}

function triggerKnobs(
  one: Trigger,
  path: readonly (string | number)[],
  meanings: Readonly<Record<string, string>>,
  faults: ScenarioFault[],
): Record<string, unknown> {
  const { metricName } = one.metadata;
  const names = [one.name, metricName === undefined ? undefined : String(metricName), one.type];
  const meant = metricMeant(
    names.filter((name) => name !== undefined),
    meanings,
    path,
  );
  if (typeof meant !== "string") faults.push(meant);
  if (one.metricType === "Utilization")
    faults.push({ path: [...path, "metricType"], got: "metricType Utilization", expected: "AverageValue or Value" });
  const key = THRESHOLD_KEYS.find((candidate) => one.metadata[candidate] !== undefined);
  if (key === undefined) {
    faults.push({
      path: [...path, "metadata"],
      got: `a ${one.type} trigger without a threshold`,
      expected: `one of ${THRESHOLD_KEYS.join(", ")}`,
    });
    return {};
  }
  const threshold = k8sQuantity.safeParse(one.metadata[key]);
  if (!threshold.success)
    faults.push({ path: [...path, "metadata", key], got: `"${one.metadata[key]}"`, expected: "a positive number" });
  const [activationKey, written] = Object.entries(one.metadata).find(([name]) => name.startsWith("activation")) ?? [];
  const activation = written === undefined ? undefined : Number(written);
  if (activation !== undefined && !(activation >= 0))
    faults.push({
      path: [...path, "metadata", String(activationKey)],
      got: `"${written}"`,
      expected: "a number, 0 or more",
    });
  return {
    metric: meant,
    threshold: threshold.data,
    ...(activation === undefined ? {} : { activationThreshold: activation }),
    ...(one.metricType === undefined ? {} : { metricType: one.metricType }),
  };
}
