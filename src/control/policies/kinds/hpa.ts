import { createHpa, type HpaKnobs, hpaReasons } from "../hpa.js";
import { metricNames } from "../hpa-metrics.js";
import { byUtilisation, plannedUtilisation } from "./aggressiveness.js";
import {
  described,
  type Knob,
  type KnobShape,
  type Knobs,
  list,
  object,
  optional,
  optionals,
  ordered,
  type ValueFault,
} from "./knob.js";
import { choice, duration, name, number, positiveCount } from "./knob-values.js";
import { type KnobFault, likeKubernetes, type PolicyKind } from "./policy-kind.js";

const ratePolicy = object({
  type: described("Whether value counts streamlets (Pods) or per cent (Percent).", choice("Pods", "Percent")),
  value: described("Largest change within the period.", positiveCount),
  period: described("The period that value refers to.", duration),
});
const direction = object(
  optionals({
    stabilisationWindow: described("Time over which the most cautious proposal counts.", duration),
    tolerance: described("Relative distance from the target within which nothing changes.", number({ least: 0 })),
    select: described(
      "Which of several policies counts, or Disabled for no change in this direction.",
      choice("Max", "Min", "Disabled"),
    ),
    policies: described("Limits on how fast the number may change.", list(ratePolicy, 1)),
  }),
);

export const metricName: Knob = choice(...(metricNames as readonly [string, ...string[]]));
const positive = number({ above: 0 });
const utilisation = number({ above: 0, most: 10 });

const remedies: ReadonlyMap<unknown, string> = new Map([
  ["resource", "For example {type: resource, targetUtilisation: 0.7}"],
  ["pods", "For example {type: pods, metric: open-streams, averageValue: 6}"],
  ["external", "For example {type: external, metric: demand, averageValue: 6}"],
]);

function checkMetric(written: Readonly<Record<string, unknown>>): ValueFault | undefined {
  const expected = expectedOf(written);
  if (expected === undefined) return undefined;
  return {
    got: `a metric of type ${written.type} with ${Object.keys(written).slice(1).join(" and ") || "nothing else"}`,
    expected,
    remedy: remedies.get(written.type) ?? "",
  };
}

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

const metric = object(
  {
    type: described(
      "resource: utilisation; pods: a mean per streamlet; external: a metric of the whole pool.",
      choice("resource", "pods", "external"),
    ),
    ...optionals({
      targetUtilisation: described("Open streams per slot at which the metric aims.", utilisation),
      metric: described("The name of the metric.", metricName),
      value: described("Target of the whole metric.", positive),
      averageValue: described("Target of the metric per streamlet.", positive),
    }),
  },
  checkMetric,
);

/** Behaviour, as HPA, KEDA and PHPA take it. */
export const behaviourKnobs: KnobShape = optionals({
  tolerance: described("Relative distance from the target within which nothing changes.", number({ least: 0 })),
  scaleUp: described("Limits on adding streamlets.", direction),
  scaleDown: described("Limits on removing streamlets.", direction),
});

/** The metrics of HPA and PHPA. */
export const hpaKnobs: KnobShape = {
  ...optionals({
    targetUtilisation: described(
      "Open streams per slot of ready streamlets at which the policy aims.",
      ordered("falling", utilisation),
    ),
    targetOpenStreams: described(
      "Mean open streams per streamlet at which the policy aims.",
      ordered("falling", positive),
    ),
    metrics: described("Any metrics; the one that asks for most streamlets counts.", list(metric, 1, 20)),
  }),
  ...behaviourKnobs,
  ...optionals({
    cpuInitializationPeriod: described(
      "Time after a start in which a streamlet is not taken as ready for utilisation.",
      duration,
    ),
    metricsResolution: described("Time between two measurements.", duration),
  }),
};

/**
 * One way to give the target; and only an external metric can lead from 0 (upstream's validation of
 * minReplicas: 0).
 */
export function checkHpa(knobs: Knobs, min: number): KnobFault[] {
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

/**
 * A Kubernetes object as the source of knobs, and the names of its metrics; read and removed before
 * the knobs are checked.
 */
export const manifestKnobs: KnobShape = {
  manifest: described(
    "A Kubernetes object whose values become the knobs; path relative to the scenario.",
    optional(name),
  ),
  metricNames: described(
    "What each metric name of the manifest means in the scenario.",
    optional({ type: "map", of: metricName }),
  ),
};

export const hpaKind: PolicyKind = {
  kind: "hpa",
  create: (knobs, context) => createHpa(knobs as HpaKnobs, context),
  knobs: { ...hpaKnobs, ...manifestKnobs },
  check: checkHpa,
  runs: { tickMs: 15_000, scrapeLagMs: 15_000, min: 1, scaleIn: likeKubernetes },
  reasons: hpaReasons,
  aggressiveness: byUtilisation(["targetOpenStreams", "metrics"]),
  planned: plannedUtilisation(["metrics", "targetOpenStreams"]),
  within: ["hybrid", "hosts"],
  docs: {
    imitates: "Kubernetes HorizontalPodAutoscaler v2",
    source: "kubernetes `pkg/controller/podautoscaler` (1.33)",
    constants:
      "target 70 % (ours), tolerance 0.1; up: to max(2n, 4) at each sync; down: at once " +
      "after 300 s; with `scaleUp` or `scaleDown`: up 4 pods or 100 % per 15 s, down 100 " +
      "% per 15 s; CPU initialisation 300 s, readiness delay 30 s, metrics resolution 15 s",
    decides: "every 15 s",
    metricsAge: "15 s",
  },
};
