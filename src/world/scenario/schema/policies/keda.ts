import { z } from "zod";
import { zoneOffset } from "../../../../base/time-zone.js";
import { parseFormula } from "../../../../control/policies/formula.js";
import { count, duration, positiveDuration } from "../quantity.js";
import { type KnobFault, likeKubernetes, type PolicyKindSchema } from "./common.js";
import { behaviourKnobs, manifestKnobs, metricName } from "./hpa.js";
import { cron } from "./schedule.js";

const metricTrigger = z.strictObject({
  type: z.literal("metric").optional(),
  name: z.string().min(1).optional(),
  metric: metricName,
  threshold: z.number().gt(0).optional(),
  activationThreshold: z.number().min(0).optional(),
  metricType: z.enum(["AverageValue", "Value"]).optional(),
});
const resourceTrigger = z.strictObject({
  type: z.literal("resource"),
  targetUtilisation: z.number().gt(0).max(10),
});
const timezone = z.string().superRefine((zone, context) => {
  if (zoneOffset(zone) !== undefined) return;
  const expected = "an IANA zone such as Europe/London";
  context.addIssue({ code: "custom", message: `"${zone}"`, params: { expected, remedy: "For example UTC" } });
});
const cronTrigger = z.strictObject({
  type: z.literal("cron"),
  name: z.string().min(1).optional(),
  timezone,
  start: cron,
  end: cron,
  desiredReplicas: count,
});
const trigger = z.union([resourceTrigger, cronTrigger, metricTrigger]);

const formula = z.string().superRefine((text, context) => {
  const parsed = parseFormula(text);
  if (typeof parsed !== "string") return;
  context.addIssue({
    code: "custom",
    message: `the formula "${text.slice(0, 80)}" is not understood (${parsed})`,
    params: {
      expected: "numbers, names of triggers, + - * /, comparisons, ?:, min, max, sum, mean, abs, ceil, floor, round",
      remedy: "Rewrite it with these, or leave the formula out",
    },
  });
});
const scalingModifiers = z.strictObject({
  formula,
  target: z.number().gt(0),
  activationTarget: z.number().min(0).optional(),
  metricType: z.enum(["AverageValue", "Value"]).optional(),
});

type Trigger = z.infer<typeof trigger>;

function checkKeda(knobs: Readonly<Record<string, unknown>>, min: number): KnobFault[] {
  const { idleReplicaCount } = knobs;
  const faults = formulaFaults(knobs);
  if (typeof idleReplicaCount !== "number" || idleReplicaCount < min) return faults;
  return [
    ...faults,
    {
      path: ["idleReplicaCount"],
      got: `idleReplicaCount ${idleReplicaCount} with min ${min}`,
      expected: "less than min",
      remedy: "Raise min, or leave idleReplicaCount out",
    },
  ];
}

/** Each name in the formula is the name of one trigger, as KEDA's admission webhook demands. */
function formulaFaults(knobs: Readonly<Record<string, unknown>>): KnobFault[] {
  const { scalingModifiers: modifiers, triggers = [] } = knobs as {
    readonly scalingModifiers?: z.infer<typeof scalingModifiers>;
    readonly triggers?: readonly Trigger[];
  };
  if (modifiers === undefined) return [];
  const names = triggers.flatMap((one) => (one.type === "resource" || one.name === undefined ? [] : [one.name]));
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  const parsed = parseFormula(modifiers.formula);
  const used = typeof parsed === "string" ? [] : [...parsed.names];
  const unknown = used.find((name) => !names.includes(name));
  const path = ["scalingModifiers", "formula"];
  if (twin !== undefined)
    return [{ path, got: `two triggers named "${twin}"`, expected: "names that differ", remedy: "Rename one" }];
  if (unknown === undefined) return [];
  const expected = names.length === 0 ? "triggers with names" : `one of ${names.join(", ")}`;
  const remedy = "Give that trigger its name, or mend the formula; cpu and memory cannot be in a formula";
  return [{ path, got: `no trigger named "${unknown}"`, expected, remedy }];
}

export const kedaSchema: PolicyKindSchema = {
  knobs: {
    triggers: z.array(trigger).min(1).max(20).optional(),
    scalingModifiers: scalingModifiers.optional(),
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
