import type { PolicySpec } from "../../world/scenario/scenario.js";

/** The knob that decides how much a policy spends, and values of it from thrifty to generous. */
export interface Aggressiveness {
  /** As it is named in tables: the knob, or what it stands for. */
  readonly knob: string;
  readonly grid: readonly number[];
  /** The policy with the knob at `value`. `slots`: of one streamlet (the mean over classes). */
  apply(policy: PolicySpec, value: number, slots: number): PolicySpec;
}

const UTILISATIONS = [0.97, 0.94, 0.91, 0.88, 0.85, 0.82, 0.78, 0.73, 0.66, 0.58];
/**
 * Beyond 3·10⁻⁵ no quantile of what was seen says anything about surges that were not: from there on a share of the expected streams is added as
 * well, 4 % per decade, as a proportional policy has it.
 */
const LEAST_LEARNT_MISS = 0.00003;
const HEADROOM_PER_DECADE = 0.04;
const MISSES = [
  0.3,
  0.1,
  0.03,
  0.01,
  0.004,
  0.0015,
  0.0005,
  0.00015,
  LEAST_LEARNT_MISS,
  1e-6,
  1e-8,
  1e-10,
  1e-13,
  1e-14,
  1e-15,
];

/** Sets knobs, and takes others out that would say the same thing twice. */
function withKnobs(policy: PolicySpec, knobs: Readonly<Record<string, unknown>>, without: readonly string[] = []) {
  const kept = Object.entries(policy.knobs).filter(([key]) => !without.includes(key));
  return { ...policy, knobs: { ...Object.fromEntries(kept), ...knobs } };
}

function utilisation(without: readonly string[] = []): Aggressiveness {
  return {
    knob: "targetUtilisation",
    grid: UTILISATIONS,
    apply: (policy, value) => withKnobs(policy, { targetUtilisation: value }, without),
  };
}

const quantile: Aggressiveness = {
  knob: "1 − quantile",
  grid: MISSES,
  apply(policy, value) {
    const without = ["violationPrice"];
    if (value >= LEAST_LEARNT_MISS) return withKnobs(policy, { quantile: 1 - value }, without);
    const headroom = HEADROOM_PER_DECADE * Math.log10(LEAST_LEARNT_MISS / value);
    return withKnobs(policy, { quantile: 1 - value, headroom: Number(headroom.toFixed(4)) }, without);
  },
};

const beta: Aggressiveness = {
  knob: "beta",
  grid: [0.3, 0.6, 0.9, 1.2, 1.6, 2, 2.6, 3.4, 4.5, 6, 8],
  apply: (policy, value) => withKnobs(policy, { beta: value }),
};

/** Multiples of what the scenario's author wrote. */
const FACTORS = [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.75, 2];

/**
 * Each built-in kind's knob: a new kind adds one line. Kinds that have none (a user's module) are shown as the single point that they are.
 */
const table: Readonly<Record<string, Aggressiveness>> = {
  static: {
    knob: "count ×",
    grid: FACTORS,
    apply: (policy, value) => withKnobs(policy, { count: Math.ceil(Number(policy.knobs.count) * value) }),
  },
  schedule: {
    knob: "counts ×",
    grid: FACTORS,
    apply(policy, value) {
      const times = (count: unknown): number => Math.ceil(Number(count) * value);
      const entries = policy.knobs.entries as readonly { readonly count: number }[];
      const otherwise = policy.knobs.otherwise === undefined ? {} : { otherwise: times(policy.knobs.otherwise) };
      return withKnobs(policy, {
        entries: entries.map((entry) => ({ ...entry, count: times(entry.count) })),
        ...otherwise,
      });
    },
  },
  "on-demand": {
    knob: "idleTimeout (min)",
    grid: [0, 0.5, 1, 2, 5, 10, 20, 60],
    apply: (policy, value) => withKnobs(policy, { idleTimeout: { kind: "constant", value: value * 60_000 } }),
  },
  hpa: utilisation(["targetOpenStreams", "metrics"]),
  phpa: utilisation(["targetOpenStreams", "metrics"]),
  kpa: utilisation(),
  keda: {
    knob: "threshold ÷ slots",
    grid: UTILISATIONS,
    apply: (policy, value, slots) => withKnobs(policy, { triggers: [{ metric: "demand", threshold: value * slots }] }),
  },
  "aws-target-tracking": utilisation(),
  "aws-predictive": utilisation(),
  "aws-step": {
    knob: "scale-out threshold",
    grid: UTILISATIONS,
    apply(policy, value) {
      const { stepOut, stepIn } = policy.knobs as Record<string, object | undefined>;
      // The distance between the two alarms stays that of the defaults: 0.7 and 0.5.
      return withKnobs(policy, {
        stepOut: { ...stepOut, threshold: value },
        stepIn: { ...stepIn, threshold: (value * 5) / 7 },
      });
    },
  },
  jitsi: {
    knob: "scaleUpThreshold",
    grid: UTILISATIONS,
    apply: (policy, value) =>
      // Down at 3/8 of up, as in the defaults: 0.8 and 0.3.
      withKnobs(policy, { scaleUpThreshold: value, scaleDownThreshold: (value * 3) / 8 }),
  },
  "square-root": beta,
  predictive: quantile,
  "last-value": quantile,
  "seasonal-naive": quantile,
  hybrid: quantile,
};

/** The knob of a policy; undefined where it has none. A margin that its author wrote as β stays one. */
export function aggressivenessOf({ kind, knobs }: Pick<PolicySpec, "kind" | "knobs">): Aggressiveness | undefined {
  const own = Object.hasOwn(table, kind) ? table[kind] : undefined;
  return own === quantile && knobs.beta !== undefined ? beta : own;
}
