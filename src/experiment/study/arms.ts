/** Which claim an arm serves. */
export type ArmGroup = "shipped" | "equalised" | "square-root" | "predictive" | "ablation";

/** One policy of the study as scenario keys, with its balancer. */
export interface StudyArm {
  readonly name: string;
  readonly group: ArmGroup;
  readonly balancer: "least-connections" | "packing";
  readonly policy: Readonly<Record<string, unknown>>;
}

/**
 * Balancer, victim order and retirement that the equalised arms share with the predictive policy.
 */
const lazily = { victims: "emptiest", undrain: true, lazy: true } as const;

function shipped(name: string, policy: Readonly<Record<string, unknown>>): StudyArm {
  return { name, group: "shipped", balancer: "least-connections", policy: { ...policy, min: 2 } };
}

function packed(name: string, group: ArmGroup, policy: Readonly<Record<string, unknown>>): StudyArm {
  return { name, group, balancer: "packing", policy: { scaleIn: lazily, ...policy, min: 2 } };
}

/**
 * The arms: the reactive autoscalers with their defaults (tolerance, ticks, scrape lags, victims,
 * one-way drain, and a balancer that spreads); the same *equalised* (packing, emptiest first,
 * lazy retirement); an HPA tuned as far as possible (tolerance 0.02, no lag); square-root
 * staffing; and the predictive policy.
 */
export const mainArms: readonly StudyArm[] = [
  shipped("hpa", { kind: "hpa" }),
  shipped("kpa", { kind: "kpa" }),
  shipped("target tracking", { kind: "aws-target-tracking" }),
  shipped("step scaling", { kind: "aws-step" }),
  packed("hpa, equalised", "equalised", { kind: "hpa" }),
  packed("kpa, equalised", "equalised", { kind: "kpa" }),
  packed("target tracking, equalised", "equalised", { kind: "aws-target-tracking" }),
  packed("step scaling, equalised", "equalised", { kind: "aws-step" }),
  packed("hpa, equalised and tuned", "equalised", { kind: "hpa", tolerance: 0.02, scrapeLag: "0s" }),
  packed("square-root", "square-root", { kind: "square-root" }),
  packed("predictive", "predictive", { kind: "predictive" }),
];

/** The predictive policy without one of its parts, to measure that part's value. */
export const ablationArms: readonly StudyArm[] = [
  packed("without the seasonal forecast", "ablation", { kind: "predictive", forecaster: "none" }),
  packed("without survival projection", "ablation", { kind: "predictive", survival: false }),
  packed("square-root margin instead of the learnt one", "ablation", { kind: "predictive", beta: 1 }),
  packed("without the safety net", "ablation", { kind: "predictive", safetyNet: false }),
  packed("draining with un-drain instead of lazy retirement", "ablation", {
    kind: "predictive",
    scaleIn: { victims: "emptiest", undrain: true, lazy: false },
  }),
  packed("draining without un-drain", "ablation", {
    kind: "predictive",
    scaleIn: { victims: "emptiest", undrain: false, lazy: false },
  }),
  packed("random victims", "ablation", {
    kind: "predictive",
    scaleIn: { victims: "random", undrain: true, lazy: false },
  }),
  {
    name: "least connections instead of packing",
    group: "ablation",
    balancer: "least-connections",
    policy: { kind: "predictive", min: 2, scaleIn: { victims: "emptiest", undrain: true, lazy: false } },
  },
  packed("a tick of 30 s", "ablation", { kind: "predictive", tick: "30s" }),
  packed("metrics 15 s old", "ablation", { kind: "predictive", scrapeLag: "15s" }),
];

/**
 * Guards: a forecast from noise, and traffic that no history announces. The predictive policy
 * must not be worse than the reactive ones.
 */
export const guardArms: readonly StudyArm[] = mainArms.filter((arm) =>
  ["hpa, equalised and tuned", "square-root", "predictive"].includes(arm.name),
);
