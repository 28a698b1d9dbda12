import type { Knobs } from "./knob.js";

/** The knob that decides how much capacity a policy buys, and values of it from least to most. */
export interface Aggressiveness {
  /** The name in tables: the knob, or the quantity that it sets. */
  readonly knob: string;
  readonly grid: readonly number[];
  /** The knobs with this one at `value`. `slots`: of one streamlet (the mean over classes). */
  apply(knobs: Knobs, value: number, slots: number): Knobs;
}

/** A knob that a plan chooses. */
export interface PlannedKnob {
  readonly key: string;
  /**
   * From least to most capacity; `counts` = whole numbers around the estimated need at the peak.
   */
  readonly values: readonly (number | string)[] | "counts";
  /** Knobs that set the same quantity. If one of them was given, the planner chooses no value. */
  readonly unless: readonly string[];
}

/** Utilisations of a frontier's settings. */
export const utilisations: readonly number[] = [0.97, 0.94, 0.91, 0.88, 0.85, 0.82, 0.78, 0.73, 0.66, 0.58];
/** Utilisations that a plan tries. */
const plannedUtilisations = [0.95, 0.92, 0.89, 0.86, 0.83, 0.8, 0.76, 0.72, 0.68, 0.63, 0.58, 0.52, 0.45, 0.38, 0.3];
/** Multiples of what the scenario's author wrote. */
export const factors: readonly number[] = [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.75, 2];
export const betas: readonly number[] = [0.3, 0.6, 0.9, 1.2, 1.6, 2, 2.6, 3.4, 4.5, 6, 8];

/** Sets knobs, and removes others that set the same quantity. */
export function withKnobs(knobs: Knobs, changed: Knobs, without: readonly string[] = []): Knobs {
  const kept = Object.entries(knobs).filter(([key]) => !without.includes(key));
  return { ...Object.fromEntries(kept), ...changed };
}

/** `targetUtilisation` is the knob; `without` names other ways to give a target. */
export function byUtilisation(without: readonly string[] = []): () => Aggressiveness {
  const found: Aggressiveness = {
    knob: "targetUtilisation",
    grid: utilisations,
    apply: (knobs, value) => withKnobs(knobs, { targetUtilisation: value }, without),
  };
  return () => found;
}

export function plannedUtilisation(unless: readonly string[] = []): PlannedKnob {
  return { key: "targetUtilisation", values: plannedUtilisations, unless };
}

/** β of square-root staffing is the knob. */
export const byBeta: Aggressiveness = {
  knob: "beta",
  grid: betas,
  apply: (knobs, value) => withKnobs(knobs, { beta: value }),
};
