import type { PolicySpec } from "../../../world/scenario/policy-spec.js";
import { type ExportFile, type ExportSource, manifestText, seconds } from "./export-file.js";
import { hourSteps } from "./schedule.js";
import { deploymentName, replicaBounds, servedPools } from "./served-pools.js";

/**
 * ScaledObjects, one per pool: the day's demand as cron triggers, and a KEDA policy's own
 * triggers.
 */
export function kedaExport(source: ExportSource): ExportFile[] {
  const [policy] = source.scenario.policies;
  const { min, max } = replicaBounds(source);
  const own = policy.kind === "keda" ? policyTriggers(policy) : [];
  const objects = servedPools(source).map(({ pool }) => {
    const cron = hourSteps(source, pool).map(({ fromHour, toHour, replicas }) => ({
      type: "cron",
      metadata: {
        timezone: "UTC",
        start: `0 ${fromHour} * * *`,
        end: `0 ${toHour % 24} * * *`,
        desiredReplicas: String(Math.min(max, Math.max(min, replicas))),
      },
    }));
    return {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { name: deploymentName(pool) },
      spec: {
        scaleTargetRef: { name: deploymentName(pool) },
        ...times(policy),
        minReplicaCount: min,
        maxReplicaCount: max,
        triggers: [...own, ...cron.filter(({ metadata }) => metadata.start !== metadata.end)],
      },
    };
  });
  const usable = objects.filter(({ spec }) => spec.triggers.length > 0);
  if (usable.length === 0) return [];
  return [
    {
      name: "keda.yaml",
      text: manifestText(
        "Cron triggers: what demand asks for by hour of the day (UTC); the largest of all triggers counts.",
        usable,
      ),
    },
  ];
}

function times({ kind, knobs }: PolicySpec): Record<string, number> {
  if (kind !== "keda") return {};
  const of = (key: string): Record<string, number> =>
    knobs[key] === undefined ? {} : { [key]: seconds(Number(knobs[key])) };
  const idle = knobs.idleReplicaCount === undefined ? {} : { idleReplicaCount: Number(knobs.idleReplicaCount) };
  return { ...of("pollingInterval"), ...of("cooldownPeriod"), ...of("initialCooldownPeriod"), ...idle };
}

interface KnobTrigger {
  readonly type?: string;
  readonly name?: string;
  readonly metric?: string;
  readonly threshold?: number;
  readonly activationThreshold?: number;
  readonly metricType?: string;
  readonly targetUtilisation?: number;
  readonly timezone?: string;
  readonly start?: string;
  readonly end?: string;
  readonly desiredReplicas?: number;
}

function policyTriggers({ knobs }: PolicySpec): { readonly type: string; readonly metadata: Record<string, string> }[] {
  return ((knobs.triggers ?? []) as readonly KnobTrigger[]).map((one) => {
    if (one.type === "cron") {
      const { timezone = "UTC", start = "", end = "", desiredReplicas = 0 } = one;
      return { type: "cron", metadata: { timezone, start, end, desiredReplicas: String(desiredReplicas) } };
    }
    if (one.type === "resource")
      return {
        type: "cpu",
        metricType: "Utilization",
        metadata: { value: String(Math.round(100 * Number(one.targetUtilisation))) },
      };
    return {
      type: "prometheus",
      name: one.name ?? String(one.metric),
      ...(one.metricType === undefined ? {} : { metricType: one.metricType }),
      metadata: {
        serverAddress: "http://prometheus:9090",
        query: `sum(headrace_${String(one.metric).replaceAll("-", "_")})`,
        metricName: String(one.metric),
        threshold: String(one.threshold ?? 1),
        ...(one.activationThreshold === undefined ? {} : { activationThreshold: String(one.activationThreshold) }),
      },
    };
  });
}
