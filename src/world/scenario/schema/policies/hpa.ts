import { z } from "zod";
import { metricNames } from "../../../../control/policies/hpa-metrics.js";
import { duration, positiveCount } from "../quantity.js";
import { type KnobFault, likeKubernetes, type PolicyKindSchema } from "./common.js";

const ratePolicy = z.strictObject({ type: z.enum(["Pods", "Percent"]), value: positiveCount, period: duration });
const direction = z.strictObject({
  stabilisationWindow: duration.optional(),
  tolerance: z.number().min(0).optional(),
  select: z.enum(["Max", "Min", "Disabled"]).optional(),
  policies: z.array(ratePolicy).min(1).optional(),
});

export const metricName = z.enum(metricNames);
const positive = z.number().gt(0);

const metric = z
  .strictObject({
    type: z.enum(["resource", "pods", "external"]),
    targetUtilisation: positive.max(10).optional(),
    metric: metricName.optional(),
    value: positive.optional(),
    averageValue: positive.optional(),
  })
  .superRefine((written, context) => {
    const expected = expectedOf(written);
    if (expected === undefined) return;
    context.addIssue({
      code: "custom",
      message: `a ${written.type} metric with ${Object.keys(written).slice(1).join(" and ") || "nothing else"}`,
      params: { expected, remedy: metricRemedies[written.type] },
    });
  });

const metricRemedies = {
  resource: "For example {type: resource, targetUtilisation: 0.7}",
  pods: "For example {type: pods, metric: open-streams, averageValue: 6}",
  external: "For example {type: external, metric: demand, averageValue: 6}",
};

function expectedOf(written: Readonly<Record<string, unknown>>): string | undefined {
  const has = (...keys: string[]): boolean =>
    Object.keys(written)
      .filter((key) => written[key] !== undefined && key !== "type")
      .sort()
      .join() === keys.sort().join();
  if (written.type === "resource") return has("targetUtilisation") ? undefined : "targetUtilisation alone";
  if (written.type === "pods") return has("metric", "averageValue") ? undefined : "metric and averageValue";
  const ok = has("metric", "averageValue") || has("metric", "value");
  return ok ? undefined : "metric and one of value and averageValue";
}

/** Behaviour, as HPA, KEDA and PHPA take it. */
export const behaviourKnobs = {
  tolerance: z.number().min(0).optional(),
  scaleUp: direction.optional(),
  scaleDown: direction.optional(),
};

/** What HPA and PHPA scale on. */
export const hpaKnobs = {
  targetUtilisation: positive.max(10).optional(),
  targetOpenStreams: positive.optional(),
  metrics: z.array(metric).min(1).max(20).optional(),
  ...behaviourKnobs,
  cpuInitializationPeriod: duration.optional(),
  initialReadinessDelay: duration.optional(),
  metricsResolution: duration.optional(),
};

/** One way to say the target; and only an external metric can lead from 0 (upstream's validation of minReplicas: 0). */
export function checkHpa(knobs: Readonly<Record<string, unknown>>, min: number): KnobFault[] {
  const targets = ["targetUtilisation", "targetOpenStreams", "metrics"].filter((key) => knobs[key] !== undefined);
  const faults: KnobFault[] = [];
  if (targets.length > 1) {
    faults.push({
      path: [targets[1]],
      got: `${targets.join(" and ")} together`,
      expected: "one of them",
      remedy: "Put all of them into metrics",
    });
  }
  const metrics = (knobs.metrics ?? []) as readonly { readonly type: string }[];
  if (min === 0 && !metrics.some(({ type }) => type === "external")) {
    faults.push({
      path: ["min"],
      got: "min 0 without an external metric",
      expected: "at least 1",
      remedy: "Without replicas nothing has a utilisation: give min: 1, or metrics with an external one such as demand",
    });
  }
  return faults;
}

/** A Kubernetes object as the source of knobs, and what its metrics are called here; read and taken out before the knobs are looked at. */
export const manifestKnobs = {
  manifest: z.string().min(1).optional(),
  metricNames: z.record(z.string(), metricName).optional(),
};

export const hpaSchema: PolicyKindSchema = {
  knobs: { ...hpaKnobs, ...manifestKnobs },
  tickMs: 15_000,
  scrapeLagMs: 15_000,
  min: 1,
  scaleIn: likeKubernetes,
  check: checkHpa,
};
