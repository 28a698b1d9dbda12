import { z } from "../base/zod.js";
import { parseFormula } from "../control/policies/formula.js";
import type { SourceText } from "../traffic/yaml-text.js";
import type { ScenarioFault } from "../world/scenario/schema/issues.js";
import { isResource, numberAt, type Trigger, trigger, triggerKnobs } from "./keda-trigger-knobs.js";
import { locatedFaults } from "./located-faults.js";
import { behaviour, behaviourKnobs, checkedManifest, k8sQuantity, versionOf } from "./manifest-parts.js";
import type { MetricMeanings } from "./metric-meanings.js";

const seconds = z.number().int().min(0);
const count = z.number().int().min(0);
const modifiers = z.strictObject({
  formula: z.string().min(1),
  target: k8sQuantity,
  activationTarget: z.union([z.string(), z.number()]).optional(),
  metricType: z.enum(["AverageValue", "Value"]).optional(),
});
const manifest = z.looseObject({
  kind: z.literal("ScaledObject"),
  metadata: z.looseObject({ annotations: z.record(z.string(), z.unknown()).optional() }).optional(),
  spec: z.strictObject({
    scaleTargetRef: z.unknown().optional(),
    pollingInterval: seconds.min(1).optional(),
    cooldownPeriod: seconds.optional(),
    initialCooldownPeriod: seconds.optional(),
    idleReplicaCount: count.optional(),
    minReplicaCount: count.optional(),
    maxReplicaCount: count.min(1).optional(),
    // KEDA's fallback if a trigger's metric cannot be read, which never happens in a simulation.
    fallback: z.strictObject({ failureThreshold: count, replicas: count, behavior: z.string().optional() }).optional(),
    triggers: z.array(trigger).min(1),
    advanced: z
      .strictObject({
        // When the ScaledObject is deleted: never in a simulation.
        restoreToOriginalReplicaCount: z.boolean().optional(),
        horizontalPodAutoscalerConfig: z
          .strictObject({ name: z.string().optional(), behavior: behaviour.optional() })
          .optional(),
        scalingModifiers: modifiers.optional(),
      })
      .optional(),
  }),
});

const versions = new Map([["keda.sh/v1alpha1", manifest]]);
const KUBECTL = "kubectl get scaledobject NAME -o yaml writes it as the cluster has it";

/** What KEDA fills in (apis/keda/v1alpha1: defaultHPAMaxReplicas). */
const DEFAULT_MAX_REPLICAS = 100;

/**
 * The knobs of a keda.sh/v1alpha1 ScaledObject. `meanings` maps a trigger's name, `metricName` or
 * type to a metric of Headrace; a name that already is one needs no entry. Throws InputError at the
 * place of each fault.
 */
export function kedaManifestKnobs(file: string, text: SourceText, meanings: MetricMeanings): Record<string, unknown> {
  const { spec, metadata } = checkedManifest(file, text, versionOf(file, text, versions, KUBECTL));
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
  const idle = spec.idleReplicaCount;
  if (idle !== undefined && idle >= min) {
    faults.push({
      path: ["spec", "idleReplicaCount"],
      got: `idleReplicaCount ${idle} with minReplicaCount ${min}`,
      expected: "fewer than minReplicaCount",
      remedy: "KEDA refuses it, too: raise minReplicaCount, or leave idleReplicaCount out",
    });
  }
  const paused = Object.entries(metadata?.annotations ?? {}).find(
    ([key, value]) => key.startsWith("autoscaling.keda.sh/paused") && String(value) !== "false",
  )?.[0];
  if (paused !== undefined) {
    const path = ["metadata", "annotations", paused];
    faults.push({ path, atKey: true, got: `a paused ScaledObject (${paused})`, expected: "one that scales" });
  }
  const allTriggersAreResources = spec.triggers.every(({ type }) => isResource(type));
  if (allTriggersAreResources && spec.minReplicaCount === 0) {
    faults.push({
      path: ["spec", "minReplicaCount"],
      got: "minReplicaCount 0 with cpu and memory triggers alone",
      expected: "at least 1, or another trigger beside them",
      remedy: "KEDA refuses it, too: without replicas nothing has a utilisation",
    });
  }
  const scalingModifiers = modifiersKnobs(spec.advanced?.scalingModifiers, spec.triggers, faults);
  const triggers = spec.triggers.map((one, i) => triggerKnobs(one, ["spec", "triggers", i], meanings, faults));
  if (faults.length > 0) throw locatedFaults(file, text, faults);
  const duration = (written: number | undefined): string | undefined =>
    written === undefined ? undefined : `${written}s`;
  const knobs = {
    min,
    max,
    triggers,
    scalingModifiers,
    pollingInterval: duration(spec.pollingInterval),
    cooldownPeriod: duration(spec.cooldownPeriod),
    initialCooldownPeriod: duration(spec.initialCooldownPeriod),
    idleReplicaCount: spec.idleReplicaCount,
    ...behaviourKnobs(spec.advanced?.horizontalPodAutoscalerConfig?.behavior),
  };
  return Object.fromEntries(Object.entries(knobs).filter(([, value]) => value !== undefined));
}

function modifiersKnobs(
  written: z.infer<typeof modifiers> | undefined,
  triggers: readonly Trigger[],
  faults: ScenarioFault[],
): Record<string, unknown> | undefined {
  if (written === undefined) return undefined;
  const path = ["spec", "advanced", "scalingModifiers"];
  const parsed = parseFormula(written.formula);
  if (typeof parsed === "string") {
    faults.push({
      path: [...path, "formula"],
      got: `the formula "${written.formula.slice(0, 80)}" is not understood (${parsed})`,
      expected: "numbers, names of triggers, + - * /, comparisons, ?:, min, max, sum, mean, abs, ceil, floor, round",
      remedy: "Rewrite it with these",
    });
  } else {
    const names = triggers.flatMap(({ type, name }) => (name === undefined || isResource(type) ? [] : [name]));
    const unknown = [...parsed.names].find((name) => !names.includes(name));
    const twin = names.find((name, i) => names.indexOf(name) !== i);
    const got = twin === undefined ? `no trigger named "${unknown}"` : `two triggers named "${twin}"`;
    if (unknown !== undefined || twin !== undefined)
      faults.push({ path: [...path, "formula"], got, expected: "one trigger for each name in the formula" });
  }
  const activationTarget = numberAt(written.activationTarget, [...path, "activationTarget"], faults);
  return {
    formula: written.formula,
    target: written.target,
    ...(activationTarget === undefined ? {} : { activationTarget }),
    ...(written.metricType === undefined ? {} : { metricType: written.metricType }),
  };
}
