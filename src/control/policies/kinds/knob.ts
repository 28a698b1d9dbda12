/** Effect of a larger value: `rising` = safer and more expensive, `falling` = the opposite. */
export type KnobOrder = "rising" | "falling";

/**
 * A policy's knobs in base units, checked against the kind's schema; those that were not given are
 * absent.
 */
export type Knobs = Readonly<Record<string, unknown>>;

/** The fault in a value that has the right type. */
export interface ValueFault {
  readonly got: string;
  readonly expected: string;
  readonly remedy?: string;
}

interface Whole {
  /** May be left out. */
  readonly optional?: true;
  readonly order?: KnobOrder;
}

export interface NumberBounds extends Whole {
  readonly above?: number;
  readonly least?: number;
  readonly below?: number;
  readonly most?: number;
  readonly whole?: true;
}

export interface ObjectKnob extends Whole {
  readonly type: "object";
  readonly keys: KnobShape;
  /** The fault in an object whose keys are each valid. */
  readonly check?: (written: Readonly<Record<string, unknown>>) => ValueFault | undefined;
}

/**
 * What may be written for one knob. The core's policies describe their knobs with these plain
 * values; src/world/scenario/schema/policies makes the zod schema and the JSON Schema of them.
 */
export type Knob =
  | (NumberBounds & { readonly type: "number" })
  /** With its unit; in ms after parsing. */
  | (Whole & { readonly type: "duration"; readonly positive?: true })
  /** A bare duration, "infinite", or a distribution of durations by its kind. */
  | (Whole & { readonly type: "duration-law" })
  | (Whole & { readonly type: "boolean" })
  | (Whole & { readonly type: "choice"; readonly of: readonly [string, ...string[]] })
  | (Whole & { readonly type: "literal"; readonly value: string })
  | (Whole & {
      readonly type: "text";
      readonly least?: number;
      readonly check?: (text: string) => ValueFault | undefined;
    })
  /** East of Greenwich as +HH:MM; in ms after parsing. */
  | (Whole & { readonly type: "utc-offset" })
  | (Whole & { readonly type: "list"; readonly of: Knob; readonly least?: number; readonly most?: number })
  | (Whole & { readonly type: "map"; readonly of: Knob })
  | ObjectKnob
  /**
   * Objects that the literal at `by` distinguishes. Without `by` the first that matches is taken.
   */
  | (Whole & { readonly type: "variants"; readonly by?: string; readonly of: readonly [ObjectKnob, ...ObjectKnob[]] })
  /** Another policy within this one; its knobs are checked once its kind is known. */
  | (Whole & { readonly type: "policy" });

/** A knob with its sentence of explanation, which schema, docs and `headrace explain` show. */
type DescribedKnob = Knob & { readonly about: string };

export type KnobShape = Readonly<Record<string, DescribedKnob>>;

/** The knob with the sentence that explains it. */
export function described<K extends Knob>(about: string, knob: K): K & { readonly about: string } {
  return { ...knob, about };
}

export function object(keys: KnobShape, check?: ObjectKnob["check"]): ObjectKnob {
  return check === undefined ? { type: "object", keys } : { type: "object", keys, check };
}

export function list(of: Knob, least?: number, most?: number): Knob {
  return { type: "list", of, ...(least === undefined ? {} : { least }), ...(most === undefined ? {} : { most }) };
}

export function optional<K extends Knob>(knob: K): K {
  return { ...knob, optional: true };
}

/** Each knob may be left out. */
export function optionals(shape: KnobShape): KnobShape {
  return Object.fromEntries(Object.entries(shape).map(([key, knob]) => [key, optional(knob)]));
}

/**
 * The knob, marked as ordered in this direction. The planner drops the assumption if runs
 * contradict it.
 */
export function ordered<K extends Knob>(order: KnobOrder, knob: K): K {
  return { ...knob, order };
}
