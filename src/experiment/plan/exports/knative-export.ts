import { type ExportFile, type ExportSource, manifestText, seconds } from "./export-file.js";
import { deploymentName, replicaBounds, servedPools } from "./served-pools.js";

const PREFIX = "autoscaling.knative.dev/";

/**
 * Knative Services with the annotations of a KPA policy; none for other policies. Knobs without a
 * value get no annotation.
 */
export function knativeExport(source: ExportSource): ExportFile[] {
  const [policy] = source.scenario.policies;
  if (policy.kind !== "kpa") return [];
  const { knobs } = policy;
  const { min, max } = replicaBounds(source);
  const written = (key: string, annotation: string, shown: (value: number) => string): Record<string, string> =>
    knobs[key] === undefined ? {} : { [PREFIX + annotation]: shown(Number(knobs[key])) };
  const percent = (value: number): string => String(Number((100 * value).toPrecision(6)));
  const span = (value: number): string => `${seconds(value)}s`;
  const objects = servedPools(source).map(({ pool, slots }) => ({
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    metadata: { name: deploymentName(pool) },
    spec: {
      template: {
        metadata: {
          annotations: {
            [`${PREFIX}class`]: "kpa.autoscaling.knative.dev",
            [`${PREFIX}metric`]: "concurrency",
            [`${PREFIX}target`]: String(knobs.concurrencyTarget ?? slots),
            ...written("targetUtilisation", "target-utilization-percentage", percent),
            ...written("targetBurstCapacity", "target-burst-capacity", String),
            ...written("stableWindow", "window", span),
            ...written("panicWindowPercentage", "panic-window-percentage", String),
            ...written("panicThresholdPercentage", "panic-threshold-percentage", String),
            ...written("scaleDownDelay", "scale-down-delay", span),
            ...written("activationScale", "activation-scale", String),
            [`${PREFIX}min-scale`]: String(min),
            [`${PREFIX}max-scale`]: String(max),
          },
        },
        spec: { containerConcurrency: slots, containers: [{ name: "streamlet", image: "REPLACE-WITH-YOUR-IMAGE" }] },
      },
    },
  }));
  return [{ name: "knative.yaml", text: manifestText("Copy the annotations into your own Service.", objects) }];
}
