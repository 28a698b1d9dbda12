import type { PolicySpec, Scenario } from "../../world/scenario/scenario.js";
import type { PlainValue } from "../../world/scenario/schema/value-range.js";
import { stepsOf } from "../scenario-path.js";
import { knobOrder } from "./knob-order.js";
import { size } from "./size.js";
import { orderedVariable, type Variable } from "./variable.js";

const UTILISATIONS = [0.95, 0.92, 0.89, 0.86, 0.83, 0.8, 0.76, 0.72, 0.68, 0.63, 0.58, 0.52, 0.45, 0.38, 0.3];
const QUANTILES = [0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999, 0.99997];
const BETAS = [0.3, 0.6, 0.9, 1.2, 1.6, 2, 2.6, 3.4, 4.5, 6, 8];
const IDLE_TIMES = ["0s", "30s", "1min", "2min", "5min", "10min", "20min", "1h"];
/** Counts and hosts are looked for in at most this many steps. */
const MOST_STEPS = 60;

/** The knob of each kind that decides how much it spends, where nothing of the policy stands against it. */
const knobs: Readonly<
  Record<string, { readonly key: string; readonly values: readonly PlainValue[]; readonly unless: readonly string[] }>
> = {
  hpa: { key: "targetUtilisation", values: UTILISATIONS, unless: ["metrics", "targetOpenStreams"] },
  phpa: { key: "targetUtilisation", values: UTILISATIONS, unless: ["metrics", "targetOpenStreams"] },
  kpa: { key: "targetUtilisation", values: UTILISATIONS, unless: [] },
  "aws-target-tracking": { key: "targetUtilisation", values: UTILISATIONS, unless: [] },
  "aws-predictive": { key: "targetUtilisation", values: UTILISATIONS, unless: [] },
  "square-root": { key: "beta", values: BETAS, unless: [] },
  predictive: { key: "quantile", values: QUANTILES, unless: ["beta", "violationPrice"] },
  "seasonal-naive": { key: "quantile", values: QUANTILES, unless: ["beta", "violationPrice"] },
  "last-value": { key: "quantile", values: QUANTILES, unless: ["beta", "violationPrice"] },
  hybrid: { key: "quantile", values: QUANTILES, unless: ["beta", "violationPrice"] },
  "on-demand": { key: "idleTimeout", values: IDLE_TIMES, unless: [] },
};

/** What a plan may choose where the user names nothing: each policy's knob, and the hosts of each region that have a price. */
export function defaultVariables(scenario: Scenario, document: unknown): Variable[] {
  const wanted: { readonly path: string; readonly values: readonly PlainValue[] }[] = [];
  const sizing = size(scenario);
  scenario.policies.forEach((policy, i) => {
    const peak = Math.max(...sizing.pools.map(({ slots, streamlets }) => (slots === 0 ? 1 : streamlets.estimated)));
    const found = knobOf(policy, peak);
    if (found !== undefined) wanted.push({ path: `policies.${i}.${found.key}`, values: found.values });
  });
  if ((scenario.cost?.hostHour ?? 0) > 0) {
    scenario.fleet.regions.forEach((region, r) => {
      if (region.hosts === undefined || region.hosts.elastic !== undefined) return;
      const most = Math.max(region.hosts.count, Math.ceil(1.5 * (sizing.hosts[r]?.estimated ?? 1))) + 1;
      wanted.push({ path: `fleet.regions.${r}.hosts`, values: counts(1, most) });
    });
  }
  return wanted.map(({ path, values }) => {
    const steps = stepsOf(document, path, "plan");
    return orderedVariable({ path, steps, order: knobOrder(steps), values });
  });
}

function knobOf(
  policy: PolicySpec,
  peak: number,
): { readonly key: string; readonly values: readonly PlainValue[] } | undefined {
  if (policy.kind === "static") {
    const values = counts(Math.max(1, Math.floor(0.6 * peak)), Math.ceil(1.5 * peak) + 2);
    return { key: "count", values: values.filter((count) => Number(count) <= policy.max) };
  }
  const knob = Object.hasOwn(knobs, policy.kind) ? knobs[policy.kind] : undefined;
  if (knob === undefined || knob.unless.some((key) => policy.knobs[key] !== undefined)) return undefined;
  return knob;
}

function counts(from: number, to: number): PlainValue[] {
  const step = Math.max(1, Math.ceil((to - from) / MOST_STEPS));
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}
