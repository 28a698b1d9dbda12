import { type ExportFile, type ExportSource, seconds } from "./export-file.js";
import { hourSteps } from "./schedule.js";
import { deploymentName, replicaBounds, servedPools } from "./served-pools.js";

/**
 * The inputs of `aws application-autoscaling` for an ECS service per pool: a target-tracking
 * policy if that is the plan's policy, and the day's schedule.
 */
export function awsExport(source: ExportSource): ExportFile[] {
  const [policy] = source.scenario.policies;
  const { min, max } = replicaBounds(source);
  return servedPools(source).flatMap(({ pool }) => {
    const target = {
      ServiceNamespace: "ecs",
      ResourceId: `service/REPLACE-WITH-YOUR-CLUSTER/${deploymentName(pool)}`,
      ScalableDimension: "ecs:service:DesiredCount",
    };
    const scheduled = hourSteps(source, pool).map(({ fromHour, replicas }) => ({
      ...target,
      ScheduledActionName: `${deploymentName(pool)}-${String(fromHour).padStart(2, "0")}`,
      Schedule: `cron(0 ${fromHour} * * ? *)`,
      Timezone: "UTC",
      ScalableTargetAction: { MinCapacity: Math.min(max, Math.max(min, replicas)), MaxCapacity: max },
    }));
    const files: ExportFile[] = [jsonFile(`aws-scheduled-actions-${deploymentName(pool)}.json`, scheduled)];
    if (policy.kind !== "aws-target-tracking") return files;
    return [
      ...files,
      jsonFile(`aws-target-tracking-${deploymentName(pool)}.json`, { ...target, ...trackingPolicy(policy.knobs) }),
    ];
  });
}

/** CloudWatch's own target where a scenario leaves it out. */
const DEFAULT_TARGET_UTILISATION = 0.7;

function trackingPolicy(knobs: Readonly<Record<string, unknown>>): object {
  const cooldown = (key: string, name: string): object =>
    knobs[key] === undefined ? {} : { [name]: seconds(Number(knobs[key])) };
  return {
    PolicyName: "headrace-plan",
    PolicyType: "TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: Number((100 * Number(knobs.targetUtilisation ?? DEFAULT_TARGET_UTILISATION)).toPrecision(6)),
      PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
      ...cooldown("scaleOutCooldown", "ScaleOutCooldown"),
      ...cooldown("scaleInCooldown", "ScaleInCooldown"),
      ...(knobs.disableScaleIn === undefined ? {} : { DisableScaleIn: Boolean(knobs.disableScaleIn) }),
    },
  };
}

function jsonFile(name: string, content: unknown): ExportFile {
  return { name, text: `${JSON.stringify(content, null, 2)}\n` };
}
