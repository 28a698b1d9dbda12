import { z } from "zod";
import { count, duration, positiveDuration } from "../quantity.js";
import { type KnobFault, likeKubernetes, type PolicyKindSchema } from "./common.js";
import { behaviourKnobs, manifestKnobs, metricName } from "./hpa.js";

const trigger = z.strictObject({
  metric: metricName,
  threshold: z.number().gt(0).optional(),
  activationThreshold: z.number().min(0).optional(),
  metricType: z.enum(["AverageValue", "Value"]).optional(),
});

function checkKeda(knobs: Readonly<Record<string, unknown>>, min: number): KnobFault[] {
  const { idleReplicaCount } = knobs;
  if (typeof idleReplicaCount !== "number" || idleReplicaCount < min) return [];
  return [
    {
      path: ["idleReplicaCount"],
      got: `idleReplicaCount ${idleReplicaCount} with min ${min}`,
      expected: "less than min",
      remedy: "Raise min, or leave idleReplicaCount out",
    },
  ];
}

export const kedaSchema: PolicyKindSchema = {
  knobs: {
    triggers: z.array(trigger).min(1).max(20).optional(),
    pollingInterval: positiveDuration.optional(),
    cooldownPeriod: duration.optional(),
    initialCooldownPeriod: duration.optional(),
    idleReplicaCount: count.optional(),
    ...behaviourKnobs,
    ...manifestKnobs,
  },
  tickMs: 15_000,
  scrapeLagMs: 15_000,
  min: 0,
  scaleIn: likeKubernetes,
  check: checkKeda,
};
