import { InputError } from "../base/errors.js";
import { closest } from "../base/spelling.js";

export type Knobs = Readonly<Record<string, unknown>>;

/**
 * The knobs that a module gets. A module may declare its knobs with their defaults (`export const
 * knobs = {spare: 0.2}`). An unknown knob, or one of another type, is then refused, and a missing
 * one gets its default. Throws InputError.
 */
export function knobsFor(module: string, declared: unknown, given: Knobs): Knobs {
  if (declared === undefined) return given;
  if (typeof declared !== "object" || declared === null || Array.isArray(declared)) {
    throw new InputError({
      code: "HR1303",
      where: module,
      got: `knobs is ${Array.isArray(declared) ? "a list" : `a ${typeof declared}`}`,
      expected: "an object of knobs with their defaults, for example export const knobs = {spare: 0.2}",
    });
  }
  const defaults = new Map(Object.entries(declared));
  for (const [name, value] of Object.entries(given)) {
    const standard: unknown = defaults.get(name);
    if (!defaults.has(name)) throw unknownKnob(module, name, [...defaults.keys()]);
    if (standard === undefined || standard === null || typeof standard === typeof value) continue;
    throw new InputError({
      code: "HR1303",
      where: module,
      got: `the knob ${name} is a ${typeof value} (${JSON.stringify(value)})`,
      expected: `a ${typeof standard}, as its default ${JSON.stringify(standard)}`,
    });
  }
  return Object.fromEntries([...defaults, ...Object.entries(given)]);
}

function unknownKnob(module: string, name: string, known: readonly string[]): InputError {
  const meant = closest(name, known);
  return new InputError({
    code: "HR1303",
    where: module,
    got: `the knob "${name}", which the module does not declare`,
    expected: known.length === 0 ? "no knobs" : `one of ${known.join(", ")}`,
    remedy: meant === undefined ? "Add it to the module's knobs, or leave it out" : `Did you mean "${meant}"?`,
  });
}

/** Watches which knobs a module reads, where it does not declare them. */
export class KnobReads {
  private readonly read = new Set<string>();
  private readonly given = new Set<string>();

  /** The knobs; each one that is read is remembered. */
  watched(knobs: Knobs): Knobs {
    for (const name of Object.keys(knobs)) this.given.add(name);
    return new Proxy(knobs, {
      get: (target, name, receiver) => {
        if (typeof name === "string") this.read.add(name);
        return Reflect.get(target, name, receiver);
      },
      has: (target, name) => {
        if (typeof name === "string") this.read.add(name);
        return Reflect.has(target, name);
      },
    });
  }

  /** Knobs that the scenario gives and the module never read. */
  get unread(): readonly string[] {
    return [...this.given].filter((name) => !this.read.has(name));
  }
}
