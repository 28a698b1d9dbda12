import type { HpaKnobs, WrittenDirection } from "../../../control/policies/hpa.js";
import { hpaKind } from "../../../control/policies/kinds/hpa.js";
import { withUnits } from "../../../control/policies/kinds/knob-units.js";
import { type ExportFile, type ExportSource, manifestText, seconds } from "./export-file.js";
import { deploymentName, replicaBounds, servedPools } from "./served-pools.js";

/** HorizontalPodAutoscalers, one per pool; none for policies that an HPA cannot express. */
export function hpaExport(source: ExportSource): ExportFile[] {
  const spec = hpaSpec(source);
  if (spec === undefined) return [];
  const objects = servedPools(source).map(({ pool }) => ({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: deploymentName(pool) },
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deploymentName(pool) }, ...spec },
  }));
  return [{ name: "hpa.yaml", text: manifestText("CPU utilisation means open streams / slots.", objects) }];
}

/** Everything of the object's spec except its target; undefined if the policy is no HPA. */
export function hpaSpec(source: ExportSource): Record<string, unknown> | undefined {
  const [policy] = source.scenario.policies;
  if (policy.kind !== "hpa") return undefined;
  const knobs = withUnits(hpaKind.knobs, policy.knobs) as HpaKnobs;
  const { min, max } = replicaBounds(source);
  const behavior = behaviour(knobs);
  return {
    minReplicas: min,
    maxReplicas: max,
    metrics: metricsOf(knobs),
    ...(behavior === undefined ? {} : { behavior }),
  };
}

/** Upstream's habit where a scenario leaves the target out. */
const DEFAULT_TARGET_UTILISATION = 0.7;

function metricsOf({ metrics, targetOpenStreams, targetUtilisation }: HpaKnobs): object[] {
  if (metrics === undefined && targetOpenStreams === undefined)
    return [resource(targetUtilisation ?? DEFAULT_TARGET_UTILISATION)];
  if (metrics === undefined) return [pods("open-streams", Number(targetOpenStreams))];
  return metrics.map((one) => {
    if (one.type === "resource") return resource(one.targetUtilisation);
    if (one.type === "pods") return pods(String(one.metric), one.averageValue);
    const target =
      "value" in one
        ? { type: "Value", value: quantity(one.value) }
        : { type: "AverageValue", averageValue: quantity(one.averageValue) };
    return { type: "External", external: { metric: { name: String(one.metric) }, target } };
  });
}

function resource(utilisation: number): object {
  const target = { type: "Utilization", averageUtilization: Math.round(100 * utilisation) };
  return { type: "Resource", resource: { name: "cpu", target } };
}

function pods(metric: string, averageValue: number): object {
  return {
    type: "Pods",
    pods: { metric: { name: metric }, target: { type: "AverageValue", averageValue: quantity(averageValue) } },
  };
}

/**
 * Behaviour from the knobs; undefined if they set none, so that the controller's own rules apply.
 */
function behaviour({ tolerance, scaleUp, scaleDown }: HpaKnobs): object | undefined {
  if (tolerance === undefined && scaleUp === undefined && scaleDown === undefined) return undefined;
  return { scaleUp: direction(scaleUp, tolerance), scaleDown: direction(scaleDown, tolerance) };
}

function direction(written: WrittenDirection | undefined, both: number | undefined): object {
  const tolerance = written?.tolerance ?? both;
  return {
    ...(written?.stabilisationWindowMs === undefined
      ? {}
      : { stabilizationWindowSeconds: seconds(written.stabilisationWindowMs) }),
    ...(written?.select === undefined ? {} : { selectPolicy: written.select }),
    ...(written?.policies === undefined
      ? {}
      : {
          policies: written.policies.map(({ type, value, periodMs }) => ({
            type,
            value,
            periodSeconds: seconds(periodMs),
          })),
        }),
    ...(tolerance === undefined ? {} : { tolerance: quantity(tolerance) }),
  };
}

/** A Kubernetes quantity: whole numbers unchanged, fractions in thousandths. */
function quantity(value: number): string {
  return Number.isInteger(value) ? String(value) : `${Math.round(1000 * value)}m`;
}
