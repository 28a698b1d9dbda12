import { InputError, type SourcePlace } from "../base/errors.js";
import { isModule } from "../base/module-path.js";
import { closest } from "../base/spelling.js";
import { writtenScenario } from "../world/scenario/schema/document.js";
import { describeValue } from "../world/scenario/schema/issues.js";
import { knownKeys } from "../world/scenario/schema/known-keys.js";

/** A value to set in a scenario's document before it is checked. */
export interface ScenarioValue {
  /**
   * Dotted; entries of lists by index, `name` or `kind`: `fleet.regions.eu.hosts`,
   * `policies.0.count`.
   */
  readonly path: string;
  /** As a scenario writes it: a number, a text with its unit, true or false. */
  readonly value: unknown;
  /** Where the user wrote the value, for messages. If left out, the path itself is named. */
  readonly where?: SourcePlace;
}

/** Keys and indexes that lead from the root of a document to a value. */
export type Steps = readonly (string | number)[];

/** The longest path that is accepted: scenarios are about eight levels deep. */
const MOST_STEPS = 32;

/**
 * The steps of a path in this document. The last keys may be absent if the scenario's schema
 * knows them. Throws InputError at `where` for an unknown key, an entry that no list has, or a
 * step into a plain value.
 */
export function stepsOf(document: unknown, path: string, where: SourcePlace | string): Steps {
  const words = path.split(".");
  if (words.length > MOST_STEPS || words.some((word) => word.trim() === "")) {
    throw new InputError({
      code: "HR1207",
      where,
      got: `path "${path.slice(0, 100)}"`,
      expected: "names and indexes with dots between them",
      remedy: "For example fleet.regions.eu.hosts or policies.0.count",
    });
  }
  const steps: (string | number)[] = [];
  let value = document;
  for (let i = 0; i < words.length; ) {
    if (Array.isArray(value)) {
      const entry = entryOf(value, words.slice(i), () => faultAt(path, where, document, steps));
      steps.push(entry.index);
      value = value[entry.index];
      i += entry.words;
    } else {
      checkKey(document, steps, value, words[i], path, where);
      steps.push(words[i]);
      value = ownValue(value, words[i]);
      i++;
    }
  }
  return steps;
}

/** The value at these steps; undefined where the document has none. */
export function valueAt(document: unknown, steps: Steps): unknown {
  let value = document;
  for (const step of steps) value = ownValue(value, step);
  return value;
}

/**
 * A copy of the document with another value at these steps; missing objects on the way are
 * created.
 */
export function withValueAt(document: unknown, steps: Steps, value: unknown): unknown {
  if (steps.length === 0) return value;
  const [step, ...rest] = steps;
  const inner = withValueAt(ownValue(document, step), rest, value);
  if (Array.isArray(document)) return document.map((entry, i) => (i === step ? inner : entry));
  const entries = document === undefined || document === null ? [] : Object.entries(document);
  return Object.fromEntries([...entries.filter(([key]) => key !== step), [step, inner]]);
}

function ownValue(value: unknown, step: string | number): unknown {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string | number, unknown>)[step];
}

/**
 * The list entry that the next words name, and the number of these words: names and kinds may
 * contain dots.
 */
export function entryOf(
  list: readonly unknown[],
  words: readonly string[],
  fault: () => { readonly where: SourcePlace | string; readonly place: string },
): { readonly index: number; readonly words: number } {
  for (let count = words.length; count >= 1; count--) {
    const word = words.slice(0, count).join(".");
    for (const key of ["name", "kind"]) {
      const found = list.flatMap((entry, i) => (ownValue(entry, key) === word ? [i] : []));
      if (found.length === 1) return { index: found[0], words: count };
      if (found.length > 1) {
        throw new InputError({
          code: "HR1207",
          where: fault().where,
          got: `"${word}", which ${found.length} entries of ${fault().place} are`,
          expected: "one entry",
          remedy: `Name it by its index: ${found.join(" or ")}`,
        });
      }
    }
  }
  const index = Number(words[0]);
  if (/^\d+$/.test(words[0]) && index < list.length) return { index, words: 1 };
  const names = list.map((entry, i) => String(ownValue(entry, "name") ?? ownValue(entry, "kind") ?? i));
  const kinds = list.flatMap((entry) => [ownValue(entry, "name"), ownValue(entry, "kind")]);
  const meant = meantBy(
    words[0],
    kinds.filter((one) => typeof one === "string"),
  );
  throw new InputError({
    code: "HR1207",
    where: fault().where,
    got: `no entry "${words[0]}" in ${fault().place}`,
    expected: `one of ${names.join(", ")}, or an index from 0 to ${list.length - 1}`,
    ...(meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` }),
  });
}

function faultAt(path: string, where: SourcePlace | string, document: unknown, steps: Steps) {
  const place = steps.length === 0 ? "the scenario" : pathOf(document, steps);
  return { where: typeof where === "string" ? `${where}: ${path}` : where, place };
}

/**
 * A key that is not in the document must be known to the schema; if the schema has no fixed keys
 * (names of regions), any is allowed.
 */
function checkKey(
  document: unknown,
  steps: Steps,
  value: unknown,
  key: string,
  path: string,
  where: SourcePlace | string,
): void {
  const fault = faultAt(path, where, document, steps);
  if (value !== undefined && value !== null && typeof value !== "object") {
    throw new InputError({
      code: "HR1207",
      where: fault.where,
      got: `"${key}" within ${fault.place}, which is ${describeValue(value)}`,
      expected: `a path that ends at ${fault.place}`,
    });
  }
  if (ownValue(value, key) !== undefined) return;
  const known = knownAt(document, steps);
  if (known.length === 0 || known.includes(key)) return;
  const meant = meantBy(key, known);
  throw new InputError({
    code: "HR1201",
    where: fault.where,
    got: `unknown key "${key}" in ${fault.place}`,
    expected: `one of ${known.join(", ")}`,
    ...(meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` }),
  });
}

/** The nearest by spelling, else one that differs only in its ending: policy for policies. */
function meantBy(word: string, known: readonly string[]): string | undefined {
  const stem = word.slice(0, Math.max(3, word.length - 1));
  return closest(word, known) ?? known.find((one) => one.startsWith(stem));
}

/**
 * The keys that the schema knows at these steps; for a policy those of its kind. A module may
 * have any.
 */
function knownAt(document: unknown, steps: Steps): readonly string[] {
  const kind = ownValue(valueAt(document, steps.slice(0, 2)), "kind");
  if (steps[0] === "policies" && typeof kind === "string" && isModule(kind)) return [];
  return knownKeys(writtenScenario, steps, document);
}

/** Steps as a path that names list entries as a user would. */
export function pathOf(document: unknown, steps: Steps): string {
  return steps
    .map((step, i) => {
      if (typeof step === "string") return step;
      const entry = valueAt(document, steps.slice(0, i + 1));
      return String(ownValue(entry, "name") ?? ownValue(entry, "kind") ?? step);
    })
    .join(".");
}
