import { zoneOffset } from "../../../base/time-zone.js";
import { parseFormula } from "../formula.js";
import { createKeda, defaultKedaKnobs, defaultKedaTrigger, kedaReasons } from "../keda.js";
import type { KedaTrigger } from "../keda-triggers.js";
import { utilisations, withKnobs } from "./aggressiveness.js";
import { behaviourKnobs, manifestKnobs, metricName } from "./hpa.js";
import { described, type Knob, type Knobs, list, object, optional, optionals, ordered } from "./knob.js";
import { choice, count, duration, literal, name, number, positiveDuration } from "./knob-values.js";
import { type KnobFault, likeKubernetes, over, type PolicyKind } from "./policy-kind.js";
import { cronOf } from "./schedule.js";

const metricType = choice("AverageValue", "Value");
const metricTrigger = object({
  type: described("metric: scales on a metric.", optional(literal("metric"))),
  name: described("The name of the trigger in the formula.", optional(name)),
  metric: described("The name of the metric.", metricName),
  ...optionals({
    threshold: described(
      "Metric per streamlet at which the trigger aims; left out, 70 % of the slots.",
      ordered("falling", number({ above: 0 })),
    ),
    activationThreshold: described("Value above which a pool leaves zero.", number({ least: 0 })),
    metricType: described(
      "Whether the threshold is per streamlet (AverageValue) or of the whole metric (Value).",
      metricType,
    ),
  }),
});
const resourceTrigger = object({
  type: described("resource: scales on utilisation.", literal("resource")),
  targetUtilisation: described("Open streams per slot at which the trigger aims.", number({ above: 0, most: 10 })),
});
const timezone: Knob = {
  type: "text",
  check(zone) {
    if (zoneOffset(zone) !== undefined) return undefined;
    return { got: `"${zone}"`, expected: "an IANA zone such as Europe/London", remedy: "For example UTC" };
  },
};
const cron = cronOf("robfig");
const cronTrigger = object({
  type: described("cron: a number of streamlets between two times.", literal("cron")),
  name: described("The name of the trigger in the formula.", optional(name)),
  timezone: described("Time zone of start and end, such as Europe/London.", timezone),
  start: described("Cron time at which the number applies.", cron),
  end: described("Cron time at which it ends.", cron),
  desiredReplicas: described("Streamlets between start and end.", count),
});
const trigger: Knob = { type: "variants", of: [resourceTrigger, cronTrigger, metricTrigger] };

const formula: Knob = {
  type: "text",
  check(text) {
    const parsed = parseFormula(text);
    if (typeof parsed !== "string") return undefined;
    return {
      got: `the formula "${text.slice(0, 80)}" is not understood (${parsed})`,
      expected: "numbers, names of triggers, + - * /, comparisons, ?:, min, max, sum, mean, abs, ceil, floor, round",
      remedy: "Rewrite it with these, or leave the formula out",
    };
  },
};
const scalingModifiers = object({
  formula: described("One metric computed from the triggers by their names.", formula),
  target: described("Value of the formula at which the policy aims.", number({ above: 0 })),
  activationTarget: described("Value above which a pool leaves zero.", optional(number({ least: 0 }))),
  metricType: described(
    "Whether target is per streamlet (AverageValue) or of the whole formula (Value).",
    optional(metricType),
  ),
});

function check(knobs: Knobs, min: number): KnobFault[] {
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
function formulaFaults(knobs: Knobs): KnobFault[] {
  const { scalingModifiers: modifiers, triggers = [] } = knobs as {
    readonly scalingModifiers?: { readonly formula: string };
    readonly triggers?: readonly { readonly type?: string; readonly name?: string }[];
  };
  if (modifiers === undefined) return [];
  const names = triggers.flatMap((one) => (one.type === "resource" || one.name === undefined ? [] : [one.name]));
  const twin = names.find((one, i) => names.indexOf(one) !== i);
  const parsed = parseFormula(modifiers.formula);
  const used = typeof parsed === "string" ? [] : [...parsed.names];
  const unknown = used.find((one) => !names.includes(one));
  const path = ["scalingModifiers", "formula"];
  if (twin !== undefined)
    return [{ path, got: `two triggers named "${twin}"`, expected: "names that differ", remedy: "Rename one" }];
  if (unknown === undefined) return [];
  const expected = names.length === 0 ? "triggers with names" : `one of ${names.join(", ")}`;
  const remedy = "Give that trigger its name, or mend the formula; cpu and memory cannot be in a formula";
  return [{ path, got: `no trigger named "${unknown}"`, expected, remedy }];
}

/** Each metric trigger over the defaults of one. */
function withTriggers(knobs: Knobs): Knobs {
  if (knobs.triggers === undefined) return knobs;
  const triggers = knobs.triggers as readonly Partial<KedaTrigger>[];
  return {
    ...knobs,
    triggers: triggers.map((one) => ((one.type ?? "metric") === "metric" ? { ...defaultKedaTrigger, ...one } : one)),
  };
}

const create = over(defaultKedaKnobs, createKeda);

export const kedaKind: PolicyKind = {
  kind: "keda",
  create: (knobs, context, make) => create(withTriggers(knobs), context, make),
  knobs: {
    ...optionals({
      triggers: described("What the policy scales on; the trigger that asks for most counts.", list(trigger, 1, 20)),
      scalingModifiers: described("One composite metric in place of the triggers.", scalingModifiers),
      pollingInterval: described("Time between two checks whether a pool is active.", positiveDuration),
      cooldownPeriod: described("Time without activity after which a pool goes to zero.", duration),
      initialCooldownPeriod: described("Time at the start in which no pool goes to zero.", duration),
      idleReplicaCount: described("Streamlets of an inactive pool in place of zero.", count),
    }),
    ...behaviourKnobs,
    ...manifestKnobs,
  },
  check,
  runs: { tickMs: 15_000, scrapeLagMs: 15_000, min: 0, scaleIn: likeKubernetes },
  reasons: kedaReasons,
  aggressiveness: () => ({
    knob: "threshold ÷ slots",
    grid: utilisations,
    apply: (knobs, value, slots) => withKnobs(knobs, { triggers: [{ metric: "demand", threshold: value * slots }] }),
  }),
  within: ["hybrid"],
  docs: {
    imitates: "KEDA ScaledObject and its HPA",
    source: "kedacore/keda (2.x)",
    constants: "demand per streamlet at 70 % of `slots` (ours); poll 30 s, cooldown 300 s, activation above 0, min 0",
    decides: "every 15 s as an HPA, every 30 s on activity",
    metricsAge: "15 s",
  },
};
