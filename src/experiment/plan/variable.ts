import { InputError, type SourcePlace } from "../../base/errors.js";
import { formatCount } from "../../base/units.js";
import type { PlainValue, WrittenRange } from "../../world/scenario/schema/value-range.js";
import { type Steps, stepsOf } from "../scenario-path.js";
import { baseValue, valuesOfRange } from "../value-range.js";
import { type KnobOrder, knobOrder } from "./knob-order.js";

/** A value that the plan may choose. */
export interface Variable {
  readonly path: string;
  readonly steps: Steps;
  readonly order: KnobOrder;
  /** From cheap to safe where there is an order, else as written. */
  readonly values: readonly PlainValue[];
  /** The place of its range in the file; undefined if the plan chose it. */
  readonly where?: SourcePlace;
}

/**
 * Most designs in all lines together: more would exceed the memory, and a smaller step rarely
 * pays.
 */
const MOST_DESIGNS = 1_000_000;

/** Sections in which a plan may choose. The others are given: demand, prices, faults, the SLO. */
const DECIDED: readonly (string | number)[] = ["fleet", "policies", "gateway", "balancer", "routing"];

/** A variable as the user wrote it; throws InputError for an invalid path or range. */
export function writtenVariable(document: unknown, path: string, range: WrittenRange, where: SourcePlace): Variable {
  const steps = stepsOf(document, path, where);
  if (!DECIDED.includes(steps[0])) {
    throw new InputError({
      code: "HR1706",
      where,
      got: `${path}, which no planner chooses`,
      expected: `a path within ${DECIDED.join(", ")}`,
      remedy: "To vary demand, prices or faults use survive, whatIf and --growth, or headrace sweep",
    });
  }
  return orderedVariable({ path, steps, order: knobOrder(steps), values: valuesOfRange(range, path, where), where });
}

/**
 * Values in the order of the knob. A list with values that are no numbers keeps its order, and
 * the knob then has none.
 */
export function orderedVariable(variable: Variable): Variable {
  if (variable.order === "none") return variable;
  const sizes = variable.values.map(baseValue);
  if (sizes.some((size) => size === undefined)) return { ...variable, order: "none" };
  const sign = variable.order === "rising" ? 1 : -1;
  const index = sizes.map((_, i) => i).sort((a, b) => sign * (Number(sizes[a]) - Number(sizes[b])));
  return { ...variable, values: index.map((i) => variable.values[i]) };
}

/**
 * Refuses too many designs, with their number. A policy's knob multiplies only the designs of
 * that policy.
 */
export function checkDesignCount(variables: readonly Variable[], policies: number, where: SourcePlace | string): void {
  const ownOf = (policy: number): Variable[] =>
    variables.filter(({ steps }) => steps[0] !== "policies" || steps[1] === policy);
  const countOf = (own: readonly Variable[]): number => own.reduce((product, { values }) => product * values.length, 1);
  const owns = Array.from({ length: policies }, (_, policy) => ownOf(policy));
  const count = owns.reduce((sum, own) => sum + countOf(own), 0);
  if (count <= MOST_DESIGNS) return;
  const [largest] = owns.sort((a, b) => countOf(b) - countOf(a));
  const product = largest.map(({ path, values }) => `${values.length} of ${path}`).join(" × ");
  throw new InputError({
    code: "HR1602",
    where,
    got: `${formatCount(count)} designs (${product}${policies > 1 ? ", and those of the other policies" : ""})`,
    expected: `at most ${formatCount(MOST_DESIGNS)}`,
    remedy: "Narrow the ranges, or give them a larger step",
  });
}
